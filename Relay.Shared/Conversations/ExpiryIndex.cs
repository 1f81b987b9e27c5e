using System.Globalization;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Conversations;

/// <summary>
/// Table <c>expiry</c>: which conversations wrote on which day, in 16 shards; a row is there before the first write of its day, so
/// the deletion timer never has to search. PartitionKey <c>{yyyyMMdd}-{shard 0..15}</c>, RowKey the conversation's partition.
/// </summary>
public sealed class ExpiryIndex(ITableStore tables, TimeProvider time)
{
    internal const int Shards = 16;

    private const int MaxCached = 200_000;

    private readonly ShortCache<(UtcDay, string), string> _known = new(time, TimeSpan.FromHours(24), MaxCached);

    /// <summary>Makes sure that the row is there; one write per conversation, day and instance.</summary>
    public async ValueTask NoteAsync(ConversationKey key, UtcDay day, CancellationToken cancellationToken)
    {
        string row = key.Partition;
        if (_known.TryGet((day, row)) is not null)
        {
            return;
        }

        int shard = int.Parse(key.Conversation.Hex.AsSpan(0, 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        await tables.CommitAsync(TableNames.Expiry, Partition(day, shard), [TableWrite.Upsert(row, new Dictionary<string, object>())], cancellationToken);
        _known.Put((day, row), row);
    }

    /// <summary>The conversations of one day and shard, at most <paramref name="limit"/>.</summary>
    internal async Task<IReadOnlyList<ConversationKey>> ListAsync(UtcDay day, int shard, int limit, CancellationToken cancellationToken)
    {
        List<ConversationKey> found = [];
        await foreach (TableRow row in tables.QueryAsync(TableNames.Expiry, TableRange.Partition(Partition(day, shard), limit), cancellationToken))
        {
            if (ConversationKey.TryParse(row.RowKey, out ConversationKey key))
            {
                found.Add(key);
            }
        }

        return found;
    }

    internal async Task RemoveAsync(UtcDay day, int shard, IReadOnlyList<ConversationKey> keys, CancellationToken cancellationToken)
    {
        foreach (ConversationKey[] batch in keys.Chunk(TableLimits.MaxWritesPerCommit))
        {
            TableWrite[] deletes = [.. batch.Select(key => TableWrite.Delete(key.Partition, null))];
            if (!(await tables.CommitAsync(TableNames.Expiry, Partition(day, shard), deletes, cancellationToken)).IsSaved)
            {
                // Another run of the timer was quicker with some of them: one by one, a missing row is as good as a deleted one.
                foreach (TableWrite delete in deletes)
                {
                    await tables.CommitAsync(TableNames.Expiry, Partition(day, shard), [delete], cancellationToken);
                }
            }
        }
    }

    private static string Partition(UtcDay day, int shard) => string.Create(CultureInfo.InvariantCulture, $"{day.Key}-{shard}");
}
