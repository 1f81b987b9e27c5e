using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Relay.Shared.Billing;
using Relay.Shared.Conversations;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Maintenance;

/// <summary>
/// Deletes what is older than its number's own retention, parked envelopes too, slot by slot of <see cref="DueIndex"/>. Killed anywhere, the next run goes on: a slot is done with
/// only when all of it is. What is kept longer by now (the setting has changed) is noted anew before its old note goes.
/// </summary>
public sealed partial class EraseDue(
    ITableStore tables, DueIndex due, EndParked endParked, KeepUsage usage, IRetentionPeriods periods, TimeProvider time, ILogger<EraseDue> logger)
{
    private const int Slice = 100;
    private const int MaxRows = 50_000;

    /// <summary>Conversations per run; the rest is for the next one.</summary>
    private const int MaxPerRun = 100_000;

    /// <summary>Conversations swept at the same time.</summary>
    private const int AtOnce = 10;

    /// <summary>Within the host's limit of five minutes for a function.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(4);

    /// <summary>A message that has not left when its time is over stays so much longer: by then it was told as failed.</summary>
    private static readonly TimeSpan TellingTime = TimeSpan.FromHours(1);

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset last = DueIndex.Floor(time.GetUtcNow());
        if (await due.DoneThroughAsync(cancellationToken) is not { } done)
        {
            // Nothing can be due before the first run: the shortest retention is longer than a slot, and each write notes before it writes.
            await due.SetDoneThroughAsync(last - DueIndex.Slot, cancellationToken);
            return;
        }

        DateTimeOffset end = time.GetUtcNow() + MaxTime;
        ConcurrentDictionary<BusinessId, bool> looked = [];
        int swept = 0;
        bool isDone = true;
        for (DateTimeOffset slot = done + DueIndex.Slot; slot <= last && swept < MaxPerRun && time.GetUtcNow() < end; slot += DueIndex.Slot)
        {
            (int count, bool isSlotDone) = await SweepAsync(slot, looked, MaxPerRun - swept, end, cancellationToken);
            swept += count;
            isDone &= isSlotDone;
            if (isDone)
            {
                await due.SetDoneThroughAsync(slot, cancellationToken);
            }
        }

        if (swept > 0)
        {
            Log.Swept(logger, swept);
        }
    }

    /// <summary>What can't be swept stays in the index, keeps its slot from being done with, and holds up nothing behind it.</summary>
    private async Task<(int Swept, bool IsDone)> SweepAsync(
        DateTimeOffset slot, ConcurrentDictionary<BusinessId, bool> looked, int budget, DateTimeOffset end, CancellationToken cancellationToken)
    {
        int swept = 0;
        bool isDone = true;
        for (int shard = 0; shard < ExpiryIndex.Shards; shard++)
        {
            ConversationKey? after = null;
            IReadOnlyList<IndexedConversation> slice;
            do
            {
                if (swept >= budget || time.GetUtcNow() >= end)
                {
                    return (swept, false);
                }

                slice = await due.ListAsync(slot, shard, after, Slice, cancellationToken);
                List<IndexedConversation> done = [];
                foreach (IndexedConversation[] together in slice.Chunk(AtOnce))
                {
                    bool[] results = await Task.WhenAll(together.Select(one => TrySweepAsync(one, slot, looked, cancellationToken)));
                    done.AddRange(together.Where((_, i) => results[i]));
                }

                await due.RemoveAsync(slot, shard, done, cancellationToken);
                swept += done.Count;
                isDone &= done.Count == slice.Count;
                after = slice.Count == 0 ? null : slice[^1].Key;
            }
            while (slice.Count == Slice);
        }

        return (swept, isDone);
    }

    /// <summary>False when a conversation can't be swept: it stays in the index for the next run.</summary>
    private async Task<bool> TrySweepAsync(
        IndexedConversation conversation, DateTimeOffset slot, ConcurrentDictionary<BusinessId, bool> looked, CancellationToken cancellationToken)
    {
        try
        {
            if (looked.TryAdd(conversation.Key.Business, true))
            {
                // Once a run: where it fails, this conversation stays in the index, and the next run looks again.
                await endParked.ExecuteAsync(conversation.Key.Business, cancellationToken);
            }

            await SweepAsync(conversation, slot, cancellationToken);
            return true;
        }
        catch (Exception e) when (DependencyFaults.IsAway(e) || e is InvalidDataException)
        {
            Log.NotSwept(logger, FaultKind.Of(e));
            return false;
        }
    }

    private async Task SweepAsync(IndexedConversation conversation, DateTimeOffset slot, CancellationToken cancellationToken)
    {
        if (conversation.Number is not { } number || await FindPeriodAsync(conversation.Key.Business, number, cancellationToken) is not { } period)
        {
            // Kept as long as all else, by now.
            return;
        }

        DateTimeOffset oldest = slot - period;
        DateTimeOffset? next = null;
        List<TableWrite> deletes = [];
        List<CountedMessage> counted = [];
        await foreach (TableRow row in tables.QueryAsync(
            TableNames.Conversations, TableRange.Partition(conversation.Key.Partition, MaxRows), cancellationToken))
        {
            if (RowTime.Of(row) is not { } written)
            {
                continue;
            }

            DateTimeOffset at = OutboundRow.IsToLeave(row) ? written + TellingTime : written;
            if (at <= oldest)
            {
                deletes.Add(TableWrite.Delete(row.RowKey, null));
                counted.AddRange(CountedMessage.Of(row));
            }
            else if (next is null || at < next)
            {
                next = at;
            }
        }

        if (next is { } then)
        {
            await due.NoteAsync(conversation.Key, number, then + period, cancellationToken);
        }

        await usage.ExecuteAsync(conversation.Key.Business, counted, cancellationToken);
        await tables.DeleteAsync(TableNames.Conversations, conversation.Key.Partition, deletes, cancellationToken);
    }

    /// <summary>Null also for a number that can't be opened any more: its business is being closed, and all of it goes.</summary>
    private async Task<TimeSpan?> FindPeriodAsync(BusinessId business, PhoneNumberId number, CancellationToken cancellationToken)
    {
        try
        {
            return await periods.FindAsync(business, number, cancellationToken);
        }
        catch (SealBrokenException)
        {
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(317, LogLevel.Information, "Rows past their number's own retention deleted for {Count} conversations.")]
        internal static partial void Swept(ILogger logger, int count);

        [LoggerMessage(318, LogLevel.Error, "A conversation's rows past its number's own retention could not be deleted ({Fault}); the next run tries again.")]
        internal static partial void NotSwept(ILogger logger, FaultKind fault);
    }
}
