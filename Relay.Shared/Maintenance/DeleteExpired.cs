using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.Maintenance;

/// <summary>
/// Deletes what is past its days: day keys first, then rows by the expiry index (spec/storage.md §4). The data is unreadable in time
/// whatever becomes of the rows. Killed anywhere, the next run goes on: an expiry row
/// goes only after its conversation's rows.
/// </summary>
public sealed partial class DeleteExpired(
    ExpiryIndex expiry, ConversationSweep sweep, BusinessStore businesses, ParkedStore parked, RelayKeys keys, TimeProvider time, ILogger<DeleteExpired> logger)
{
    /// <summary>How far back a run looks, so that a month without timers is caught up with.</summary>
    private const int DaysBack = 31;

    /// <summary>Conversation-days per run; the rest is for the next one.</summary>
    private const int MaxPerRun = 20_000;

    private const int Slice = 100;

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        UtcDay firstLive = Retention.FirstLiveDay(UtcDay.Today(time));

        // Keys first: whatever stops the run later, what they sealed is gone.
        await DestroyKeysAsync(firstLive, cancellationToken);
        int swept = 0;
        for (int back = DaysBack; back >= 1 && swept < MaxPerRun; back--)
        {
            swept += await SweepDayAsync(firstLive.AddDays(-back), firstLive, MaxPerRun - swept, cancellationToken);
        }

        Log.Swept(logger, swept);
    }

    private async Task<int> SweepDayAsync(UtcDay day, UtcDay firstLive, int budget, CancellationToken cancellationToken)
    {
        int swept = 0;
        for (int shard = 0; shard < ExpiryIndex.Shards; shard++)
        {
            while (swept < budget)
            {
                IReadOnlyList<ConversationKey> slice = await expiry.ListAsync(day, shard, Slice, cancellationToken);
                foreach (ConversationKey key in slice)
                {
                    await sweep.ExecuteAsync(key, firstLive, cancellationToken);
                }

                await expiry.RemoveAsync(day, shard, slice, cancellationToken);
                swept += slice.Count;
                if (slice.Count < Slice)
                {
                    break;
                }
            }
        }

        return swept;
    }

    private async Task DestroyKeysAsync(UtcDay firstLive, CancellationToken cancellationToken)
    {
        int destroyed = 0;
        await foreach (BusinessId business in businesses.ListAsync(cancellationToken))
        {
            destroyed += await keys.Ring.DestroyDaysBeforeAsync(business.Value, firstLive, cancellationToken);
            await parked.DeleteBeforeAsync(business, firstLive, cancellationToken);
        }

        if (destroyed > 0)
        {
            Log.Destroyed(logger, destroyed);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(301, LogLevel.Information, "Expired rows deleted for {Count} conversation-days.")]
        internal static partial void Swept(ILogger logger, int count);

        [LoggerMessage(302, LogLevel.Information, "{Count} day keys destroyed.")]
        internal static partial void Destroyed(ILogger logger, int count);
    }
}
