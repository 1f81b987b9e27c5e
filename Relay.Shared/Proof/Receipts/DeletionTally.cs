// Partition: the business.
//   D:{day}          something of that day is being deleted                   deleted last
//   K:{day}          its key: kek, hash, at; inserted before the key goes
//   E:{day}:{mark}   a conversation: rows, at, cut; inserted before its rows go. The mark is a hash of day and conversation, of no use to find it again.
using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Conversations;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Proof.Receipts;

/// <summary>
/// Table <c>receipts</c>, beside the receipts: what is about to be deleted, taken down before it is. A day that is past gets no new rows, so the first count of a
/// conversation and day is the right one, and every later one, made after a crash or by another run, finds it taken down already.
/// </summary>
public sealed class DeletionTally(ITableStore tables)
{
    private const string DayPrefix = "D:";
    private const string KeyPrefix = "K:";
    private const string EntryPrefix = "E:";
    private const string KekColumn = "kek";
    private const string HashColumn = "hash";
    private const string AtColumn = "at";
    private const string RowsColumn = "rows";
    private const string CutColumn = "cut";
    private const int MarkSize = 16;
    private const int MaxDays = 400;

    internal async Task NoteKeysAsync(BusinessId business, IReadOnlyList<StoredKey> keys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (StoredKey key in keys)
        {
            Dictionary<string, object> columns = new() { [KekColumn] = key.KekId, [HashColumn] = key.WrappedHash, [AtColumn] = now.ToUnixTimeMilliseconds() };
            await tables.CommitAsync(
                TableNames.Receipts, business.Value, [Open(key.Name), TableWrite.Insert(KeyPrefix + key.Name, columns)], cancellationToken);
        }
    }

    /// <summary>Takes down what conversations of one business are about to lose.</summary>
    internal async Task NoteRowsAsync(BusinessId business, IReadOnlyCollection<DyingRows> dying, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (DyingRows[] ofDay in dying.GroupBy(one => one.Day).Select(one => one.ToArray()))
        {
            foreach (DyingRows[] batch in ofDay.Chunk(TableLimits.MaxWritesPerCommit - 1))
            {
                TableWrite open = Open(batch[0].Day.Key);
                TableWrite[] inserts = [.. batch.Select(one => TableWrite.Insert(EntryKey(one), Columns(one, now)))];
                if ((await tables.CommitAsync(TableNames.Receipts, business.Value, [open, .. inserts], cancellationToken)).IsSaved)
                {
                    continue;
                }

                // An earlier run got that far with some of them: its counts stay.
                foreach (TableWrite insert in inserts)
                {
                    await tables.CommitAsync(TableNames.Receipts, business.Value, [open, insert], cancellationToken);
                }
            }
        }
    }

    /// <summary>The days of which something is being deleted, oldest first.</summary>
    internal async Task<IReadOnlyList<UtcDay>> ListDaysAsync(BusinessId business, CancellationToken cancellationToken)
    {
        List<UtcDay> days = [];
        await foreach (TableRow row in tables.QueryAsync(
            TableNames.Receipts, TableRange.StartingWith(business.Value, DayPrefix, MaxDays), cancellationToken))
        {
            if (UtcDay.TryParse(row.RowKey[DayPrefix.Length..], out UtcDay day))
            {
                days.Add(day);
            }
        }

        return days;
    }

    /// <summary>The day's sum, without the conversations that still have rows.</summary>
    internal async Task<DayTally> SumAsync(BusinessId business, UtcDay day, IReadOnlyCollection<ConversationKey> without, CancellationToken cancellationToken)
    {
        HashSet<string> left = [.. without.Select(key => EntryKey(day, key))];
        DayTally sum = new(0, 0, true, long.MaxValue);
        await foreach (TableRow row in tables.QueryAsync(TableNames.Receipts, Entries(business, day), cancellationToken))
        {
            if (!left.Contains(row.RowKey))
            {
                sum = new DayTally(
                    sum.Conversations + 1,
                    sum.Rows + row.Get<int>(RowsColumn),
                    sum.IsExact && !row.Get(CutColumn, false),
                    Math.Min(sum.BeganAt, row.Get<long>(AtColumn)));
            }
        }

        return sum;
    }

    internal async Task<NotedKey?> FindKeyAsync(BusinessId business, UtcDay day, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Receipts, business.Value, KeyPrefix + day.Key, cancellationToken) is { } row
            ? new NotedKey(row.Get<string>(KekColumn), row.Get<string>(HashColumn), row.Get<long>(AtColumn))
            : null;

    /// <summary>Forgets a day that nothing will be added to.</summary>
    internal async Task CloseAsync(BusinessId business, UtcDay day, CancellationToken cancellationToken)
    {
        await tables.DeleteAsync(TableNames.Receipts, Entries(business, day), cancellationToken);
        foreach (string last in (string[])[KeyPrefix, DayPrefix])
        {
            await tables.CommitAsync(TableNames.Receipts, business.Value, [TableWrite.Delete(last + day.Key, null)], cancellationToken);
        }
    }

    /// <summary>Forgets all days.</summary>
    internal async Task ForgetAsync(BusinessId business, CancellationToken cancellationToken)
    {
        foreach (string prefix in (string[])[DayPrefix, EntryPrefix, KeyPrefix])
        {
            await tables.DeleteAsync(TableNames.Receipts, TableRange.StartingWith(business.Value, prefix, int.MaxValue), cancellationToken);
        }
    }

    private static TableWrite Open(string day) => TableWrite.Upsert(DayPrefix + day, new Dictionary<string, object>());

    private static TableRange Entries(BusinessId business, UtcDay day) => TableRange.StartingWith(business.Value, $"{EntryPrefix}{day.Key}:", int.MaxValue);

    private static string EntryKey(DyingRows dying) => EntryKey(dying.Day, dying.Key);

    private static string EntryKey(UtcDay day, ConversationKey key)
    {
        byte[] hash = SHA256.HashData(Encoding.ASCII.GetBytes($"{day.Key}/{key.Partition}"));
        return $"{EntryPrefix}{day.Key}:{Convert.ToHexStringLower(hash, 0, MarkSize)}";
    }

    private static Dictionary<string, object> Columns(DyingRows dying, DateTimeOffset now)
    {
        Dictionary<string, object> columns = new() { [RowsColumn] = dying.Rows, [AtColumn] = now.ToUnixTimeMilliseconds() };
        if (dying.IsCut)
        {
            columns[CutColumn] = true;
        }

        return columns;
    }
}

/// <param name="Key">The conversation.</param>
/// <param name="Day">The day of the rows.</param>
/// <param name="Rows">How many.</param>
/// <param name="IsCut">There may be more.</param>
internal sealed record DyingRows(ConversationKey Key, UtcDay Day, int Rows, bool IsCut);

/// <param name="Conversations">How many lost rows.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="IsExact">Whether it can't have been more.</param>
/// <param name="BeganAt">When the first was taken down, in Unix milliseconds; <see cref="long.MaxValue"/> when none was.</param>
internal readonly record struct DayTally(long Conversations, long Rows, bool IsExact, long BeganAt);

/// <summary>A day key that was to be destroyed.</summary>
internal sealed record NotedKey(string Kek, string WrappedHash, long At);
