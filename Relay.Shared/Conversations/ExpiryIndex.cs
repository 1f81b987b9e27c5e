using System.Globalization;
using Relay.Shared.Conversations.Walking;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Conversations;

/// <summary>
/// Table <c>expiry</c>: which conversations wrote on which day, in 16 shards; a row is there before the first write of its day, so
/// neither the deletion timer nor history and replay ever have to search. PartitionKey <c>{yyyyMMdd}-{shard 0..15}</c>, RowKey the conversation's
/// partition: a business's conversations of a day and shard are one range. <c>number</c> says which of its numbers.
/// </summary>
public sealed class ExpiryIndex(ITableStore tables, TimeProvider time)
{
    internal const int Shards = 16;

    private const int MaxCached = 200_000;
    internal const string NumberColumn = "number";

    private readonly ShortCache<(UtcDay, string), string> _known = new(time, TimeSpan.FromHours(24), MaxCached);

    private readonly ShortCache<(BusinessId, UtcDay), ExpiryIndex> _silent = new(time, TimeSpan.FromHours(1), MaxCached);

    /// <summary>Makes sure that the row is there; one write per conversation, day and instance.</summary>
    public async ValueTask NoteAsync(ConversationKey key, PhoneNumberId number, UtcDay day, CancellationToken cancellationToken)
    {
        string row = key.Partition;
        if (_known.TryGet((day, row)) is not null)
        {
            return;
        }

        int shard = ShardOf(key);
        TableWrite note = TableWrite.Upsert(row, new Dictionary<string, object> { [NumberColumn] = number.Value });
        await tables.CommitAsync(TableNames.Expiry, Partition(day, shard), [note], cancellationToken);
        _known.Put((day, row), row);
    }

    /// <summary>The conversations of one day and shard behind <paramref name="after"/>, at most <paramref name="limit"/>.</summary>
    internal async Task<IReadOnlyList<ConversationKey>> ListAsync(
        UtcDay day, int shard, ConversationKey? after, int limit, CancellationToken cancellationToken)
    {
        TableRange range = Behind(Partition(day, shard), after, limit);
        return [.. (await ReadAsync(tables, range, cancellationToken)).Select(row => row.Key)];
    }

    /// <summary>A business's conversations of one day and shard, by id, at most <paramref name="limit"/>.</summary>
    /// <param name="business">Whose.</param>
    /// <param name="day">Which day.</param>
    /// <param name="shard">0 to 15.</param>
    /// <param name="from">The lowest id.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async Task<IReadOnlyList<IndexedConversation>> ListAsync(
        BusinessId business, UtcDay day, int shard, ConversationId from, int limit, CancellationToken cancellationToken)
    {
        TableRange range = TableRange.StartingWith(Partition(day, shard), business.Value + "-", limit) with { FromRowKey = new ConversationKey(business, from).Partition };
        return await ReadAsync(tables, range, cancellationToken);
    }

    /// <summary>A business's conversations of one day in all shards.</summary>
    internal async Task<IReadOnlyList<ConversationKey>> ListAllAsync(BusinessId business, UtcDay day, CancellationToken cancellationToken)
    {
        List<ConversationKey> found = [];
        for (int shard = 0; shard < Shards; shard++)
        {
            TableRange range = TableRange.StartingWith(Partition(day, shard), business.Value + "-", int.MaxValue);
            found.AddRange((await ReadAsync(tables, range, cancellationToken)).Select(row => row.Key));
        }

        return found;
    }

    /// <summary>The first of some days on which anybody wrote and whose rows are still there; null when there is none.</summary>
    internal async Task<UtcDay?> FindOldestAsync(UtcDay first, UtcDay last, CancellationToken cancellationToken)
    {
        for (UtcDay day = first; day <= last; day = day.AddDays(1))
        {
            for (int shard = 0; shard < Shards; shard++)
            {
                if ((await ListAsync(day, shard, null, 1, cancellationToken)).Count > 0)
                {
                    return day;
                }
            }
        }

        return null;
    }

    /// <summary>A business's conversations of one day and shard before a key, last first: rows to <see cref="Read"/>.</summary>
    internal BackwardRange Backward(BusinessId business, UtcDay day, int shard, string before) =>
        new(tables, TableNames.Expiry, Partition(day, shard), business.Value + "-", before);

    /// <summary>At most <paramref name="limit"/> rows of a partition behind the one of <paramref name="after"/>.</summary>
    internal static TableRange Behind(string partition, ConversationKey? after, int limit) =>
        new(partition, after is { } last ? last.Partition + "0" : null, null, limit);

    internal static async Task<IReadOnlyList<IndexedConversation>> ReadAsync(ITableStore tables, TableRange range, CancellationToken cancellationToken)
    {
        List<IndexedConversation> found = [];
        await foreach (TableRow row in tables.QueryAsync(TableNames.Expiry, range, cancellationToken))
        {
            if (Read(row) is { } indexed)
            {
                found.Add(indexed);
            }
        }

        return found;
    }

    internal static IndexedConversation? Read(TableRow row) => ConversationKey.TryParse(row.RowKey, out ConversationKey key)
        ? new IndexedConversation(key, PhoneNumberId.TryParse(row.Get(NumberColumn, string.Empty), out PhoneNumberId number) ? number : null)
        : null;

    /// <summary>Whether a business is known to have written nothing on a day.</summary>
    internal bool IsSilent(BusinessId business, UtcDay day) => _silent.TryGet((business, day)) is not null;

    /// <summary>Remembers that a business wrote nothing on a day, if that day is so long past that it can't any more.</summary>
    internal void NoteSilent(BusinessId business, UtcDay day)
    {
        if (day < UtcDay.Today(time).AddDays(-1))
        {
            _silent.Put((business, day), this);
        }
    }

    internal async Task RemoveAsync(UtcDay day, int shard, IReadOnlyList<ConversationKey> keys, CancellationToken cancellationToken)
    {
        TableWrite[] deletes = [.. keys.Select(key => TableWrite.Delete(key.Partition, null))];
        await tables.DeleteAsync(TableNames.Expiry, Partition(day, shard), deletes, cancellationToken);
    }

    /// <summary>Takes a conversation out of the index of all days before one that may have rows.</summary>
    internal async Task ForgetBeforeAsync(ConversationKey key, UtcDay day, CancellationToken cancellationToken)
    {
        await Task.WhenAll(Enumerable.Range(1, Retention.Days).Select(back => tables.CommitAsync(
            TableNames.Expiry, Partition(day.AddDays(-back), ShardOf(key)), [TableWrite.Delete(key.Partition, null)], cancellationToken)));
    }

    internal static int ShardOf(ConversationKey key) =>
        int.Parse(key.Conversation.Hex.AsSpan(0, 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static string Partition(UtcDay day, int shard) => string.Create(CultureInfo.InvariantCulture, $"{day.Key}-{shard}");
}

/// <summary>A row of the index.</summary>
/// <param name="Key">The conversation.</param>
/// <param name="Number">The business number; null in a row that an earlier version wrote.</param>
internal readonly record struct IndexedConversation(ConversationKey Key, PhoneNumberId? Number);
