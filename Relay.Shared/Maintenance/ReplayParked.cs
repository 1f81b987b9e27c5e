using Relay.Shared.Accounts;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Maintenance;

/// <summary>
/// Puts parked envelopes back into their queue, a few per business and run: what was a fault of ours may be mended by now. What is parked
/// again and again pauses longer each time (at most a day), and what is longest due goes first, so that many broken items don't keep the others back.
/// Sent before it is removed, so a crash between the two repeats an item, which its handler drops.
/// </summary>
public sealed class ReplayParked(BusinessStore businesses, ParkedStore parked, WorkQueue work, IQueueStore queues, TimeProvider time)
{
    internal const int PerBusiness = 32;

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        await foreach (BusinessId business in businesses.ListAsync(cancellationToken))
        {
            foreach (ParkedItem item in await parked.ListDueAsync(business, time.GetUtcNow(), PerBusiness, cancellationToken))
            {
                await PutBackAsync(item, cancellationToken);
                await parked.RemoveAsync(business, [item.RowKey], cancellationToken);
            }
        }
    }

    private async Task PutBackAsync(ParkedItem parked, CancellationToken cancellationToken)
    {
        if (parked.Read() is { } item)
        {
            await work.PutBackAsync(parked.Queue, item with { Parks = item.Parks + 1 }, cancellationToken);
        }
        else
        {
            // Its handler will say so, and stop no other.
            await queues.SendAsync(parked.Queue, parked.Item, TimeSpan.Zero, QueueItems.TimeToLive, cancellationToken);
        }
    }
}
