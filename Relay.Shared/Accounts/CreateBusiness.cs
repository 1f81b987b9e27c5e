using System.Security.Cryptography;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts;

/// <summary>Creates a tenant: its ids, its app secret, and with the first sealed row its first keys.</summary>
public sealed class CreateBusiness(BusinessStore businesses)
{
    internal const int MaxName = 256;

    public async Task<Result<CreateBusinessResponse, GraphError>> ExecuteAsync(CreateBusinessRequest request, CancellationToken cancellationToken)
    {
        if (request.Name is not { Length: > 0 and <= MaxName } name)
        {
            return GraphErrorCode.ParameterInvalid.Because($"name must have 1 to {MaxName} characters.");
        }

        Business business = new()
        {
            Id = BusinessId.Create(),
            Waba = WabaId.Create(),
            AppId = WabaId.Create().Value,
            Name = new Sensitive<string>(name),
            AppSecret = CreateSecret(),
        };
        await businesses.AddAsync(business, cancellationToken);
        return new CreateBusinessResponse(business.Id.Value, business.Waba.Value, business.AppId, business.AppSecret.Reveal());
    }

    /// <summary>32 hex digits.</summary>
    internal static Secret CreateSecret() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
}
