using Relay.Shared.Accounts;
using Relay.Shared.Administration.People;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.Administration.Tenants;

/// <summary>Deletes access tokens that ended 30 days ago, rights for businesses that are no more, and what was kept of numbers whose last message is gone. Idempotent; a run that dies is gone on with by the next.</summary>
public sealed class SweepAccess(BusinessStore businesses, TokenStore tokens, WhoMayAccess people, TimeProvider time)
{
    /// <summary>Nothing is kept for longer, with a day for the last sweep.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(Retention.Days + 1);

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        await people.EndRightsAsync(async (one, token) => !await businesses.ExistsAsync(one, token), cancellationToken);
        await foreach (BusinessId business in businesses.ListAsync(cancellationToken))
        {
            await tokens.DeletePastAsync(business, time.GetUtcNow(), cancellationToken);
            await businesses.DeleteRetentionsAsync(business, time.GetUtcNow() - s_longest, cancellationToken);
        }
    }
}
