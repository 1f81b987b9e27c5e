using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Conversations.Lookups;

/// <summary>The rows of table <c>lookup</c>: columns <c>conv</c>, <c>state</c> (Active or Erased) and <c>erased</c>.</summary>
internal sealed class LookupTable(ITableStore tables)
{
    private const string ConversationColumn = "conv";
    private const string StateColumn = "state";
    private const string ErasedColumn = "erased";
    private const string Active = "Active";
    private const string Erased = "Erased";

    internal async Task<LookupEntry?> ReadAsync(LookupPlace place, CancellationToken cancellationToken)
    {
        if (await tables.GetAsync(TableNames.Lookup, place.Partition, place.Hash, cancellationToken) is not { } row)
        {
            return null;
        }

        long erased = row.Get(ErasedColumn, 0L);
        return new LookupEntry(
            ConversationId.TryParse(row.Get<string>(ConversationColumn), out ConversationId id) ? id : throw new InvalidDataException("A lookup row names no conversation."),
            row.Get<string>(StateColumn) == Erased,
            erased == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(erased),
            row.ETag);
    }

    /// <summary>False when there is a row.</summary>
    internal Task<bool> TryInsertAsync(LookupPlace place, ConversationId conversation, bool isErased, DateTimeOffset? erasedAt, CancellationToken cancellationToken) =>
        TryAsync(place, TableWrite.Insert(place.Hash, Columns(conversation, isErased, erasedAt)), cancellationToken);

    /// <summary>False when it has changed since it was read.</summary>
    internal Task<bool> TryReplaceAsync(
        LookupPlace place, LookupEntry before, ConversationId conversation, bool isErased, DateTimeOffset? erasedAt, CancellationToken cancellationToken) =>
        TryAsync(place, TableWrite.Replace(place.Hash, before.ETag, Columns(conversation, isErased, erasedAt)), cancellationToken);

    internal Task DeleteAsync(LookupPlace place, LookupEntry before, CancellationToken cancellationToken) =>
        TryAsync(place, TableWrite.Delete(place.Hash, before.ETag), cancellationToken);

    /// <summary>Deletes rows of an epoch, at most <paramref name="limit"/>; says of how many.</summary>
    internal Task<int> DeleteEpochAsync(BusinessId business, LookupEpoch epoch, int limit, CancellationToken cancellationToken) =>
        tables.DeleteAsync(TableNames.Lookup, TableRange.Partition(LookupPlace.PartitionOf(business, epoch), limit), cancellationToken);

    private static Dictionary<string, object> Columns(ConversationId conversation, bool isErased, DateTimeOffset? erasedAt)
    {
        Dictionary<string, object> columns = new()
        {
            [ConversationColumn] = conversation.Hex,
            [StateColumn] = isErased ? Erased : Active,
        };
        if (erasedAt is { } at)
        {
            columns[ErasedColumn] = at.ToUnixTimeMilliseconds();
        }

        return columns;
    }

    private async Task<bool> TryAsync(LookupPlace place, TableWrite write, CancellationToken cancellationToken) =>
        (await tables.CommitAsync(TableNames.Lookup, place.Partition, [write], cancellationToken)).IsSaved;
}
