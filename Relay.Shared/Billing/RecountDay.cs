using Relay.Shared.Analytics;
using Relay.Shared.Conversations;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Billing;

/// <summary>
/// Counts the messages of rows of <c>counts</c> that their processes came not to finish: notes each message, by the expiry index in bounded steps, and with all noted writes what
/// they come to. The notes make it idempotent; a row is settled by one conditional write.
/// <code>
/// dies after             state left                       recovered by
/// some notes             notes, cursor behind them        the next run notes them again
/// a row settled          its notes                        the next run deletes them
/// </code>
/// </summary>
public sealed class RecountDay(ITableStore tables, CountStore store, ExpiryIndex expiry, TimeProvider time)
{
    private const int ConversationsAtOnce = 10;
    private const int ConversationsPerList = 100;

    /// <param name="business">Whose.</param>
    /// <param name="day">The day.</param>
    /// <param name="rows">Rows of that day, all counted again up to the same conversation so far.</param>
    /// <param name="end">When to stop.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether all are settled.</returns>
    internal async Task<bool> ExecuteAsync(BusinessId business, UtcDay day, IReadOnlyList<CountRow> rows, DateTimeOffset end, CancellationToken cancellationToken)
    {
        HashSet<string> wanted = [.. rows.Select(row => row.Key)];
        ConversationId begun = ConversationId.TryParse(rows[0].Cursor, out ConversationId cursor) ? cursor : FirstOf(0);
        int first = ExpiryIndex.ShardOf(new ConversationKey(business, begun));
        for (int shard = first; shard < ExpiryIndex.Shards; shard++)
        {
            ConversationId from = shard == first ? begun : FirstOf(shard);
            IReadOnlyList<IndexedConversation> slice;
            do
            {
                if (time.GetUtcNow() >= end)
                {
                    foreach (CountRow row in rows)
                    {
                        await store.SaveAsync(business, [row with { Cursor = from.Hex }], cancellationToken);
                    }

                    return false;
                }

                slice = await expiry.ListAsync(business, day, shard, from, ConversationsPerList, cancellationToken);
                await NoteAsync(business, slice, wanted, cancellationToken);
                from = slice.Count == 0 ? from : slice[^1].Key.Conversation;
            }
            while (slice.Count == ConversationsPerList);
        }

        bool areSettled = true;
        foreach (CountRow row in rows)
        {
            areSettled &= await SettleAsync(business, row, cancellationToken);
        }

        return areSettled;
    }

    private async Task NoteAsync(BusinessId business, IReadOnlyList<IndexedConversation> slice, HashSet<string> wanted, CancellationToken cancellationToken)
    {
        List<CountedMessage> found = [];
        foreach (IndexedConversation[] together in slice.Chunk(ConversationsAtOnce))
        {
            IReadOnlyList<CountedMessage>[] read = await Task.WhenAll(together.Select(one => ReadAsync(one.Key, wanted, cancellationToken)));
            found.AddRange(read.SelectMany(one => one));
        }

        await store.NoteAsync(business, found, cancellationToken);
    }

    private async Task<IReadOnlyList<CountedMessage>> ReadAsync(ConversationKey key, HashSet<string> wanted, CancellationToken cancellationToken)
    {
        List<CountedMessage> found = [];
        await foreach (TableRow row in tables.QueryAsync(TableNames.Conversations, TableRange.Partition(key.Partition, int.MaxValue), cancellationToken))
        {
            found.AddRange(CountedMessage.Of(row).Where(one => wanted.Contains(one.Row)));
        }

        return found;
    }

    /// <summary>False when its process has come back: then it may yet finish by itself.</summary>
    private async Task<bool> SettleAsync(BusinessId business, CountRow row, CancellationToken cancellationToken)
    {
        UsageTotals usage = await store.SumNotesAsync(business, row.Key, cancellationToken);
        CountRow settled = row with { State = CountState.Settled, Usage = usage, Cursor = string.Empty };
        if (!(await store.SaveAsync(business, [settled], cancellationToken)).IsSaved)
        {
            return false;
        }

        await store.ForgetNotesAsync(business, row.Key, cancellationToken);
        return true;
    }

    private static ConversationId FirstOf(int shard) => ConversationId.FromBytes([(byte)(shard << 4), .. new byte[ConversationId.Size - 1]]);
}
