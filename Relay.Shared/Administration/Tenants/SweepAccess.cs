using Relay.Shared.Accounts;
using Relay.Shared.Administration.People;
using Relay.Shared.Primitives;

namespace Relay.Shared.Administration.Tenants;

/// <summary>Deletes access tokens that ended 30 days ago, and rights for businesses that are no more. Idempotent; a run that dies is gone on with by the next.</summary>
public sealed class SweepAccess(BusinessStore businesses, TokenStore tokens, WhoMayAccess people, TimeProvider time)
{
    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        await people.EndRightsAsync(async (one, token) => !await businesses.ExistsAsync(one, token), cancellationToken);
        await foreach (BusinessId business in businesses.ListAsync(cancellationToken))
        {
            await tokens.DeletePastAsync(business, time.GetUtcNow(), cancellationToken);
        }
    }
}
