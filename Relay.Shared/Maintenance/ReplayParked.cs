using Relay.Shared.Accounts;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Maintenance;

/// <summary>
/// Puts parked envelopes back into their queue, a few per business and run: what was a fault of ours may be mended by now.
/// Sent before it is removed, so a crash between the two repeats an item, which its handler drops.
/// </summary>
public sealed class ReplayParked(BusinessStore businesses, ParkedStore parked, IQueueStore queues)
{
    private const int PerBusiness = 32;

    private static readonly TimeSpan TimeToLive = TimeSpan.FromDays(Sealing.Retention.Days);

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        await foreach (BusinessId business in businesses.ListAsync(cancellationToken))
        {
            foreach (ParkedItem item in await parked.ListAsync(business, PerBusiness, cancellationToken))
            {
                await queues.SendAsync(item.Queue, item.Item, TimeSpan.Zero, TimeToLive, cancellationToken);
                await parked.RemoveAsync(business, item.RowKey, cancellationToken);
            }
        }
    }
}
