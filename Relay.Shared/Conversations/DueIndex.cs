using System.Globalization;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Conversations;

/// <summary>
/// The part of table <c>expiry</c> for numbers with a retention of their own: which conversations have rows that are to go in which ten minutes.
/// PartitionKey <c>{yyyyMMddHHmm}-{shard 0..15}</c> of the minute from which on they may go, RowKey the conversation's partition. As in
/// <see cref="ExpiryIndex"/>, a row is there before the first write that it stands for.
/// </summary>
public sealed class DueIndex(ITableStore tables, IRetentionPeriods periods, TimeProvider time)
{
    internal static readonly TimeSpan Slot = TimeSpan.FromMinutes(10);

    private const int MaxCached = 200_000;
    private const string DoneRow = "due";
    private const string SweptPartition = "swept";
    private const string ThroughColumn = "through";

    private readonly ShortCache<(DateTimeOffset, string), string> _known = new(time, TimeSpan.FromHours(1), MaxCached);

    /// <summary>Makes sure that the row is there, where the number has a retention of its own; one write per conversation, ten minutes and instance.</summary>
    internal async ValueTask NoteAsync(ConversationKey key, PhoneNumberId number, CancellationToken cancellationToken)
    {
        if (await periods.FindAsync(key.Business, number, cancellationToken) is { } period)
        {
            await NoteAsync(key, number, time.GetUtcNow() + period, cancellationToken);
        }
    }

    /// <summary>Notes that rows of a conversation may go from <paramref name="due"/> on.</summary>
    internal async ValueTask NoteAsync(ConversationKey key, PhoneNumberId number, DateTimeOffset due, CancellationToken cancellationToken)
    {
        DateTimeOffset slot = Ceiling(due);
        if (_known.TryGet((slot, key.Partition)) is not null)
        {
            return;
        }

        TableWrite note = TableWrite.Upsert(key.Partition, new Dictionary<string, object> { [ExpiryIndex.NumberColumn] = number.Value });
        await tables.CommitAsync(TableNames.Expiry, Partition(slot, ExpiryIndex.ShardOf(key)), [note], cancellationToken);
        _known.Put((slot, key.Partition), key.Partition);
    }

    /// <summary>The conversations of one slot and shard behind <paramref name="after"/>, at most <paramref name="limit"/>.</summary>
    internal Task<IReadOnlyList<IndexedConversation>> ListAsync(
        DateTimeOffset slot, int shard, ConversationKey? after, int limit, CancellationToken cancellationToken) =>
        ExpiryIndex.ReadAsync(tables, ExpiryIndex.Behind(Partition(slot, shard), after, limit), cancellationToken);

    internal Task RemoveAsync(DateTimeOffset slot, int shard, IEnumerable<IndexedConversation> done, CancellationToken cancellationToken) =>
        tables.DeleteAsync(TableNames.Expiry, Partition(slot, shard), [.. done.Select(one => TableWrite.Delete(one.Key.Partition, null))], cancellationToken);

    /// <summary>The last slot that is done with; null before the first run.</summary>
    internal async Task<DateTimeOffset?> DoneThroughAsync(CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Expiry, SweptPartition, DoneRow, cancellationToken) is { } row
            ? DateTimeOffset.FromUnixTimeSeconds(row.Get<long>(ThroughColumn))
            : null;

    internal Task SetDoneThroughAsync(DateTimeOffset slot, CancellationToken cancellationToken) => tables.CommitAsync(
        TableNames.Expiry, SweptPartition, [TableWrite.Upsert(DoneRow, new Dictionary<string, object> { [ThroughColumn] = slot.ToUnixTimeSeconds() })], cancellationToken);

    /// <summary>The slot that a time lies in.</summary>
    internal static DateTimeOffset Floor(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % Slot.Ticks), TimeSpan.Zero);

    private static DateTimeOffset Ceiling(DateTimeOffset at) => Floor(at + Slot - TimeSpan.FromTicks(1));

    private static string Partition(DateTimeOffset slot, int shard) =>
        string.Create(CultureInfo.InvariantCulture, $"{slot.UtcDateTime:yyyyMMddHHmm}-{shard}");
}
