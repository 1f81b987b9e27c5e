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
public sealed class ReplayParked(BusinessStore businesses, ParkedStore parked, IQueueStore queues, TimeProvider time)
{
    internal const int PerBusiness = 32;

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        await foreach (BusinessId business in businesses.ListAsync(cancellationToken))
        {
            foreach (ParkedItem item in await parked.ListDueAsync(business, time.GetUtcNow(), PerBusiness, cancellationToken))
            {
                await queues.SendAsync(item.Queue, CountPark(item.Item), TimeSpan.Zero, QueueItems.TimeToLive, cancellationToken);
                await parked.RemoveAsync(business, item.RowKey, cancellationToken);
            }
        }
    }

    private static string CountPark(string item)
    {
        try
        {
            WorkItem parsed = WorkItem.Parse(item);
            return (parsed with { Parks = parsed.Parks + 1 }).Encode();
        }
        catch (InvalidDataException)
        {
            // A newer version's: its handler will say so, and stop no other.
            return item;
        }
    }
}
