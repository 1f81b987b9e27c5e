using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
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
    ExpiryIndex expiry, ConversationSweep sweep, BusinessStore businesses, ParkedStore parked, ClaimStore claims, RelayKeys keys, TimeProvider time, ILogger<DeleteExpired> logger)
{
    /// <summary>How far back a run looks, so that a month without timers is caught up with.</summary>
    private const int DaysBack = 31;

    /// <summary>Conversation-days per run; the rest is for the next one.</summary>
    private const int MaxPerRun = 20_000;

    private const int Slice = 100;

    /// <summary>Rows of Idempotency-Keys per run, about; a claim has two.</summary>
    private const int MaxClaimsPerRun = 200_000;

    private const int ClaimsPerTurn = 2_000;

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
        await DeleteClaimsAsync(cancellationToken);
    }

    private async Task<int> SweepDayAsync(UtcDay day, UtcDay firstLive, int budget, CancellationToken cancellationToken)
    {
        int swept = 0;
        for (int shard = 0; shard < ExpiryIndex.Shards; shard++)
        {
            while (swept < budget)
            {
                IReadOnlyList<ConversationKey> slice = await expiry.ListAsync(day, shard, Slice, cancellationToken);
                List<ConversationKey> done = [];
                foreach (ConversationKey key in slice)
                {
                    if (await TrySweepAsync(key, firstLive, cancellationToken))
                    {
                        done.Add(key);
                    }
                }

                await expiry.RemoveAsync(day, shard, done, cancellationToken);
                swept += done.Count;
                if (slice.Count < Slice || done.Count == 0)
                {
                    break;
                }
            }
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

        [LoggerMessage(308, LogLevel.Information, "{Count} rows of past Idempotency-Keys deleted.")]
        internal static partial void ClaimsDeleted(ILogger logger, int count);

        [LoggerMessage(303, LogLevel.Error, "A conversation's expired rows could not be deleted ({Fault}); the next run tries again.")]
        internal static partial void NotSwept(ILogger logger, FaultKind fault);
    }
}
