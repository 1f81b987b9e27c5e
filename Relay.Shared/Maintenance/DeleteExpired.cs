using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Idempotency;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Maintenance;

/// <summary>
/// Deletes what is past its days: day keys first, then rows by the expiry index (spec/storage.md §4). The data is unreadable in time
/// whatever becomes of the rows. Killed anywhere, the next run goes on: an expiry row
/// goes only after its conversation's rows.
/// </summary>
public sealed partial class DeleteExpired(
    ExpiryIndex expiry, ConversationSweep sweep, BusinessStore businesses, ParkedStore parked, ClaimStore claims, LookupErasure lookups, RelayKeys keys, TimeProvider time, ILogger<DeleteExpired> logger)
{
    /// <summary>How far back a run looks, so that a month without timers is caught up with.</summary>
    private const int DaysBack = 31;

    /// <summary>Conversation-days per run; the rest is for the next one.</summary>
    private const int MaxPerRun = 500_000;

    private const int Slice = 100;

    /// <summary>Conversations swept at the same time.</summary>
    private const int AtOnce = 10;

    /// <summary>Well within the host's limit of five minutes for a function.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(4);

    /// <summary>Rows of Idempotency-Keys per run, about; a claim has two.</summary>
    private const int MaxClaimsPerRun = 200_000;

    private const int ClaimsPerTurn = 2_000;

    /// <summary>Lookup rows of past epochs per business and run; nothing of them can be confirmed once their key is gone, which is first.</summary>
    private const int MaxLookupsPerTurn = 20_000;

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        UtcDay firstLive = Retention.FirstLiveDay(UtcDay.Today(time));

        // Keys first: whatever stops the run later, what they sealed is gone.
        await DestroyKeysAsync(firstLive, cancellationToken);
        Stopping stopping = new(time, time.GetUtcNow() + MaxTime);
        int swept = 0;
        for (int back = DaysBack; back >= 1 && swept < MaxPerRun; back--)
        {
            swept += await SweepDayAsync(firstLive.AddDays(-back), firstLive, MaxPerRun - swept, stopping, cancellationToken);
        }

        Log.Swept(logger, swept);
        await DeleteClaimsAsync(cancellationToken);
    }

    /// <summary>Slice by slice; what can't be swept stays in the index and holds up nothing behind it.</summary>
    private async Task<int> SweepDayAsync(UtcDay day, UtcDay firstLive, int budget, Stopping stopping, CancellationToken cancellationToken)
    {
        int swept = 0;
        for (int shard = 0; shard < ExpiryIndex.Shards; shard++)
        {
            ConversationKey? after = null;
            IReadOnlyList<ConversationKey> slice;
            do
            {
                if (swept >= budget || stopping.IsDue)
                {
                    return swept;
                }

                slice = await expiry.ListAsync(day, shard, after, Slice, cancellationToken);
                List<ConversationKey> done = [];
                foreach (ConversationKey[] together in slice.Chunk(AtOnce))
                {
                    bool[] results = await Task.WhenAll(together.Select(key => TrySweepAsync(key, firstLive, cancellationToken)));
                    done.AddRange(together.Where((_, i) => results[i]));
                }

                await expiry.RemoveAsync(day, shard, done, cancellationToken);
                swept += done.Count;
                after = slice.Count == 0 ? null : slice[^1];
            }
            while (slice.Count == Slice);
        }

        return swept;
    }

    /// <summary>Idempotency-Keys of past days, in turns, so that a business with many keeps no other waiting.</summary>
    private async Task DeleteClaimsAsync(CancellationToken cancellationToken)
    {
        int deleted = 0;
        int inTurn;
        do
        {
            inTurn = 0;
            await foreach (BusinessId business in businesses.ListAsync(cancellationToken))
            {
                inTurn += await claims.DeletePastAsync(business, ClaimsPerTurn, cancellationToken);
            }

            deleted += inTurn;
        }
        while (inTurn > 0 && deleted < MaxClaimsPerRun);

        Log.ClaimsDeleted(logger, deleted);
    }

    /// <summary>False when a conversation can't be swept: it stays in the index for the next run and stops no other.</summary>
    private async Task<bool> TrySweepAsync(ConversationKey key, UtcDay firstLive, CancellationToken cancellationToken)
    {
        try
        {
            await sweep.ExecuteAsync(key, firstLive, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is StorageFaultException or InvalidDataException)
        {
            Log.NotSwept(logger, FaultKind.Of(e));
            return false;
        }
    }

    private async Task DestroyKeysAsync(UtcDay firstLive, CancellationToken cancellationToken)
    {
        int destroyed = 0;
        await foreach (BusinessId business in businesses.ListAsync(cancellationToken))
        {
            destroyed += await keys.Ring.DestroyDaysBeforeAsync(business.Value, firstLive, cancellationToken);
            await parked.DeleteBeforeAsync(business, firstLive, cancellationToken);
            await lookups.DeletePastAsync(business, MaxLookupsPerTurn, cancellationToken);
        }

        if (destroyed > 0)
        {
            Log.Destroyed(logger, destroyed);
        }
    }

    private readonly record struct Stopping(TimeProvider Time, DateTimeOffset At)
    {
        public bool IsDue => Time.GetUtcNow() >= At;
    }

    private static partial class Log
    {
        [LoggerMessage(301, LogLevel.Information, "Expired rows deleted for {Count} conversation-days.")]
        internal static partial void Swept(ILogger logger, int count);

        [LoggerMessage(302, LogLevel.Information, "{Count} day keys destroyed.")]
        internal static partial void Destroyed(ILogger logger, int count);

        [LoggerMessage(308, LogLevel.Information, "{Count} rows of past Idempotency-Keys deleted.")]
        internal static partial void ClaimsDeleted(ILogger logger, int count);

        [LoggerMessage(303, LogLevel.Error, "A conversation's expired rows could not be deleted ({Fault}); the next run tries again.")]
        internal static partial void NotSwept(ILogger logger, FaultKind fault);
    }
}
