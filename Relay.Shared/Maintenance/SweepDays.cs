using Microsoft.Extensions.Logging;
using Relay.Shared.Conversations;
using Relay.Shared.Primitives;
using Relay.Shared.Proof.Receipts;
using Relay.Shared.Storage;
using Relay.Shared.Telemetry;

namespace Relay.Shared.Maintenance;

/// <summary>
/// Deletes the rows of dead days, by the expiry index. What a conversation is about to lose is taken down first, for the receipt; an expiry row goes only after
/// its conversation's rows, so whatever a run leaves the next one finds.
/// </summary>
public sealed partial class SweepDays(ExpiryIndex expiry, ConversationSweep sweep, DeletionTally tally, TimeProvider time, ILogger<SweepDays> logger)
{
    /// <summary>How far back a run looks, so that a month without timers is caught up with.</summary>
    internal const int DaysBack = 31;

    /// <summary>Conversation-days per run; the rest is for the next one.</summary>
    private const int MaxPerRun = 500_000;

    private const int Slice = 100;

    /// <summary>Conversations looked at, or swept, at the same time.</summary>
    private const int AtOnce = 10;

    /// <summary>Rows that are found before they are taken down and deleted.</summary>
    private const int MaxHeld = 5_000;

    /// <param name="firstLive">The first day that is not dead.</param>
    /// <param name="end">When to stop; the rest is for the next run.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The days of which nothing is left.</returns>
    internal async Task<IReadOnlySet<UtcDay>> ExecuteAsync(UtcDay firstLive, DateTimeOffset end, CancellationToken cancellationToken)
    {
        HashSet<UtcDay> finished = [];
        int swept = 0;
        for (int back = DaysBack; back >= 1 && swept < MaxPerRun; back--)
        {
            UtcDay day = firstLive.AddDays(-back);
            (int count, bool isFinished) = await SweepDayAsync(day, firstLive, MaxPerRun - swept, end, cancellationToken);
            swept += count;
            if (isFinished)
            {
                finished.Add(day);
            }
        }

        Log.Swept(logger, swept);
        return finished;
    }

    /// <summary>Slice by slice; what can't be swept stays in the index and holds up nothing behind it.</summary>
    private async Task<(int Swept, bool IsFinished)> SweepDayAsync(
        UtcDay day, UtcDay firstLive, int budget, DateTimeOffset end, CancellationToken cancellationToken)
    {
        int swept = 0;
        bool isFinished = true;
        for (int shard = 0; shard < ExpiryIndex.Shards; shard++)
        {
            ConversationKey? after = null;
            IReadOnlyList<ConversationKey> slice;
            do
            {
                if (swept >= budget || time.GetUtcNow() >= end)
                {
                    return (swept, false);
                }

                slice = await expiry.ListAsync(day, shard, after, Slice, cancellationToken);
                IReadOnlyList<ConversationKey> done = await SweepSliceAsync(slice, firstLive, cancellationToken);
                await expiry.RemoveAsync(day, shard, done, cancellationToken);
                swept += done.Count;
                isFinished &= done.Count == slice.Count;
                after = slice.Count == 0 ? null : slice[^1];
            }
            while (slice.Count == Slice);
        }

        return (swept, isFinished);
    }

    /// <summary>The conversations that are done with.</summary>
    private async Task<IReadOnlyList<ConversationKey>> SweepSliceAsync(IReadOnlyList<ConversationKey> slice, UtcDay firstLive, CancellationToken cancellationToken)
    {
        List<ConversationKey> done = [];
        List<DeadRows> found = [];
        foreach (ConversationKey[] together in slice.Chunk(AtOnce))
        {
            DeadRows?[] looks = await Task.WhenAll(together.Select(key => TryLookAsync(key, firstLive, cancellationToken)));
            found.AddRange(looks.OfType<DeadRows>());
            if (found.Sum(one => one.Rows.Count) >= MaxHeld)
            {
                done.AddRange(await DeleteAsync(found, cancellationToken));
                found.Clear();
            }
        }

        done.AddRange(await DeleteAsync(found, cancellationToken));
        return done;
    }

    private async Task<List<ConversationKey>> DeleteAsync(List<DeadRows> found, CancellationToken cancellationToken)
    {
        List<ConversationKey> done = [];
        foreach (DeadRows[] ofBusiness in found.GroupBy(one => one.Key.Business).Select(one => one.ToArray()))
        {
            DyingRows[] dying = [.. ofBusiness.SelectMany(one => one.ByDay)];
            if (!await TryAsync(() => tally.NoteRowsAsync(ofBusiness[0].Key.Business, dying, time.GetUtcNow(), cancellationToken)))
            {
                continue;
            }

            foreach (DeadRows[] together in ofBusiness.Chunk(AtOnce))
            {
                bool[] results = await Task.WhenAll(together.Select(dead => TryAsync(() => sweep.DeleteAsync(dead, cancellationToken))));
                done.AddRange(together.Where((dead, i) => results[i] && !dead.IsCut).Select(dead => dead.Key));
                RelayMetrics.Lost.Add(together.Where((_, i) => results[i]).Sum(dead => dead.NeverLeft));
                RelayMetrics.Expired.Add(ExpiredKind.Row, together.Where((_, i) => results[i]).Sum(dead => dead.Rows.Count));
            }
        }

        return done;
    }

    private async Task<DeadRows?> TryLookAsync(ConversationKey key, UtcDay firstLive, CancellationToken cancellationToken)
    {
        DeadRows? found = null;
        await TryAsync(async () => found = await sweep.LookAsync(key, firstLive, cancellationToken));
        return found;
    }

    /// <summary>False when a conversation can't be swept: it stays in the index for the next run and stops no other.</summary>
    private async Task<bool> TryAsync(Func<Task> step)
    {
        try
        {
            await step();
            return true;
        }
        catch (Exception e) when (e is StorageFaultException or InvalidDataException)
        {
            Log.NotSwept(logger, FaultKind.Of(e));
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(301, LogLevel.Information, "Expired rows deleted for {Count} conversation-days.")]
        internal static partial void Swept(ILogger logger, int count);

        [LoggerMessage(303, LogLevel.Error, "A conversation's expired rows could not be deleted ({Fault}); the next run tries again.")]
        internal static partial void NotSwept(ILogger logger, FaultKind fault);
    }
}
