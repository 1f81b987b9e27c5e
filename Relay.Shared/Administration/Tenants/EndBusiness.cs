using Relay.Shared.Accounts.Wire;
using Relay.Shared.Administration.People;
using Relay.Shared.Erasure;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Administration.Tenants;

/// <summary>Closes a business and ends the rights that people have for it. What a process leaves undone in between the daily sweep does.</summary>
public sealed class EndBusiness(CloseBusiness closeBusiness, WhoMayAccess people)
{
    public async Task<Result<AdminSuccess, GraphError>> ExecuteAsync(BusinessId business, CancellationToken cancellationToken)
    {
        Result<AdminSuccess, GraphError> closed = await closeBusiness.ExecuteAsync(business, cancellationToken);
        if (closed.Error is null)
        {
            await people.EndRightsAsync((one, _) => Task.FromResult(one == business), cancellationToken);
        }

        return closed;
    }
}
