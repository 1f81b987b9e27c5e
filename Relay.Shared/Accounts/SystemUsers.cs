using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts;

/// <summary>
/// The system users of a business. Who is removed gets no token any more from then on, then has theirs revoked, then is gone: a removal that was cut short leaves them
/// listed, and the same call finishes it.
/// </summary>
public sealed class SystemUsers(SystemUserStore users, TokenStore tokens, TimeProvider time)
{
    private const int MaxName = 100;
    private const string Admin = "ADMIN";
    private const string Employee = "EMPLOYEE";

    public async Task<Result<AddSystemUserResponse, GraphError>> AddAsync(BusinessId business, AddSystemUserRequest request, CancellationToken cancellationToken)
    {
        if (request.Name is not { Length: > 0 and <= MaxName } name)
        {
            return GraphErrorCode.ParameterInvalid.Because($"name must have 1 to {MaxName} characters.");
        }

        if (request.Role is not (Admin or Employee))
        {
            return GraphErrorCode.ParameterInvalid.Because($"role must be {Admin} or {Employee}.");
        }

        if ((await users.ListAsync(business, cancellationToken)).Count >= SystemUserStore.MaxUsers)
        {
            return GraphErrorCode.ParameterInvalid.Because($"A business has at most {SystemUserStore.MaxUsers} system users.");
        }

        SystemUser user = new() { Id = NumericId.Create(), Name = new Sensitive<string>(name), IsEmployee = request.Role == Employee, Created = time.GetUtcNow() };
        await users.AddAsync(business, user, cancellationToken);
        return new AddSystemUserResponse(user.Id);
    }

    public async Task<Result<ListSystemUsersResponse, GraphError>> ListAsync(BusinessId business, CancellationToken cancellationToken) =>
        new ListSystemUsersResponse([.. (await users.ListAsync(business, cancellationToken)).Select(one =>
            new ListedSystemUser(one.Id, one.Name.Reveal(), one.IsEmployee ? Employee : Admin, one.Created.ToUnixTimeSeconds()))]);

    public async Task<Result<AdminSuccess, GraphError>> RemoveAsync(BusinessId business, string userId, CancellationToken cancellationToken)
    {
        if (!await users.EndAsync(business, userId, cancellationToken))
        {
            return GraphErrorCode.UnknownObject.Because("The business has no such system user.");
        }

        await tokens.RevokeAllAsync(business, userId, time.GetUtcNow(), cancellationToken);
        await users.RemoveAsync(business, userId, cancellationToken);
        return new AdminSuccess();
    }
}
