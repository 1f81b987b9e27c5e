using System.Runtime.CompilerServices;
using Relay.Shared.Billing;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Analytics;

/// <summary>
/// Table <c>counts</c>: PartitionKey the business, RowKey <c>{day}-{phone number id}-{16 hex digits}</c>: how many messages a process counted of a number on a day. The row is there
/// before the first message that names it, only its process writes it (If-Match), and a reader adds the rows up. <c>f{that key}-{message}-{what for}</c>: a message of a row
/// that isn't final, noted before its own row goes or while the row is counted again. Partition <c>closed</c>: businesses that are gone and whose counts are kept.
/// </summary>
public sealed class CountStore(ITableStore tables)
{
    private const string SentColumn = "sent";
    private const string DeliveredColumn = "delivered";
    private const string StateColumn = "state";
    private const string TornColumn = "torn";
    private const string CursorColumn = "cursor";
    private const string CategoryColumn = "category";
    private const string DayColumn = "day";
    private const string ClosedPartition = "closed";
    private const char NotePrefix = 'f';

    /// <summary>Behind every row key that starts with a day, before every note.</summary>
    private const string BehindDays = "a";

    /// <summary>Rows that one question reads at most.</summary>
    internal const int MaxRows = 50_000;

    /// <summary>Counts are kept for so long.</summary>
    internal const int DaysKept = 400;

    private const int DeletedPerTurn = 5_000;

    /// <summary>The row's ETag. Its key is drawn for it, so one that is there is ours: the answer of the insert was lost.</summary>
    internal async Task<string> OpenAsync(BusinessId business, string key, CancellationToken cancellationToken)
    {
        TableWrite insert = TableWrite.Insert(key, new Dictionary<string, object> { [StateColumn] = (int)CountState.Open });
        CommitResult result = await tables.CommitAsync(TableNames.Counts, business.Value, [insert], cancellationToken);
        return (result.IsSaved ? result.ETags[0] : (await FindAsync(business, key, cancellationToken))?.ETag)
            ?? throw new InvalidDataException("A row that was inserted is not there.");
    }

    internal Task<CommitResult> SaveAsync(BusinessId business, IReadOnlyCollection<CountRow> rows, CancellationToken cancellationToken) =>
        tables.CommitAsync(TableNames.Counts, business.Value, [.. rows.Select(row => TableWrite.Replace(row.Key, row.ETag, Columns(row)))], cancellationToken);

    internal async Task<CountRow?> FindAsync(BusinessId business, string key, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Counts, business.Value, key, cancellationToken) is { } row ? Read(row) : null;

    /// <summary>All rows from one day to another, at most one more than <see cref="MaxRows"/>.</summary>
    internal async IAsyncEnumerable<CountRow> ListAsync(
        BusinessId business, UtcDay first, UtcDay last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (TableRow row in tables.QueryAsync(TableNames.Counts, new TableRange(business.Value, first.Key, last.AddDays(1).Key, MaxRows + 1), cancellationToken))
        {
            if (Read(row) is { } read)
            {
                yield return read;
            }
        }
    }

    /// <summary>Notes messages; a repeat changes nothing.</summary>
    internal async Task NoteAsync(BusinessId business, IEnumerable<CountedMessage> messages, CancellationToken cancellationToken)
    {
        IEnumerable<TableWrite> notes = messages.DistinctBy(NoteKey).Select(one => TableWrite.Upsert(
            NoteKey(one), new Dictionary<string, object> { [CategoryColumn] = (int)one.Fact.Category }));
        foreach (TableWrite[] some in notes.Chunk(TableLimits.MaxWritesPerCommit))
        {
            await tables.CommitAsync(TableNames.Counts, business.Value, some, cancellationToken);
        }
    }

    /// <summary>What is noted of a row.</summary>
    internal async Task<UsageTotals> SumNotesAsync(BusinessId business, string key, CancellationToken cancellationToken)
    {
        UsageTotals sum = new();
        await foreach (TableRow note in tables.QueryAsync(TableNames.Counts, NotesOf(business, key, int.MaxValue), cancellationToken))
        {
            sum.Add(new UsageFact((UsageKind)(note.RowKey[^1] - '0'), (MessageCategory)note.Get<int>(CategoryColumn)));
        }

        return sum;
    }

    internal async Task ForgetNotesAsync(BusinessId business, string key, CancellationToken cancellationToken)
    {
        while (await tables.DeleteAsync(TableNames.Counts, NotesOf(business, key, DeletedPerTurn), cancellationToken) == DeletedPerTurn)
        {
        }
    }

    /// <summary>The rows of which there are notes.</summary>
    internal async Task<IReadOnlyCollection<string>> ListNotedAsync(BusinessId business, CancellationToken cancellationToken)
    {
        HashSet<string> noted = new(StringComparer.Ordinal);
        await foreach (TableRow note in tables.QueryAsync(TableNames.Counts, new TableRange(business.Value, BehindDays, null, MaxRows), cancellationToken))
        {
            noted.Add(string.Join('-', note.RowKey[1..].Split('-')[..^2]));
        }

        return noted;
    }

    /// <summary>Deletes what was counted before a day.</summary>
    internal Task<int> DeleteBeforeAsync(BusinessId business, UtcDay day, CancellationToken cancellationToken) =>
        tables.DeleteAsync(TableNames.Counts, new TableRange(business.Value, null, day.Key, DeletedPerTurn), cancellationToken);

    /// <summary>Before a business is forgotten: remembers that its counts are still there.</summary>
    internal Task NoteClosedAsync(BusinessId business, UtcDay day, CancellationToken cancellationToken) => tables.CommitAsync(
        TableNames.Counts, ClosedPartition, [TableWrite.Upsert(business.Value, new Dictionary<string, object> { [DayColumn] = day.Key })], cancellationToken);

    internal async Task<bool> IsClosedAsync(BusinessId business, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Counts, ClosedPartition, business.Value, cancellationToken) is not null;

    internal async IAsyncEnumerable<(BusinessId Business, UtcDay Day)> ListClosedAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (TableRow row in tables.QueryAsync(TableNames.Counts, TableRange.Partition(ClosedPartition, int.MaxValue), cancellationToken))
        {
            if (BusinessId.TryParse(row.RowKey, out BusinessId business) && UtcDay.TryParse(row.Get(DayColumn, string.Empty), out UtcDay day))
            {
                yield return (business, day);
            }
        }
    }

    internal Task ForgetClosedAsync(BusinessId business, CancellationToken cancellationToken) =>
        tables.CommitAsync(TableNames.Counts, ClosedPartition, [TableWrite.Delete(business.Value, null)], cancellationToken);

    private static string NoteKey(CountedMessage one) => $"{NotePrefix}{one.Row}-{one.Id}-{(char)('0' + (int)one.Fact.Kind)}";

    private static TableRange NotesOf(BusinessId business, string key, int limit) => TableRange.StartingWith(business.Value, $"{NotePrefix}{key}-", limit);

    private static Dictionary<string, object> Columns(CountRow row)
    {
        Dictionary<string, object> columns = new() { [StateColumn] = (int)row.State, [SentColumn] = row.Sent, [DeliveredColumn] = row.Delivered };
        row.Usage.WriteTo(columns);
        if (row.TornAt is { } torn)
        {
            columns[TornColumn] = torn.ToUnixTimeMilliseconds();
        }

        if (row.Cursor.Length > 0)
        {
            columns[CursorColumn] = row.Cursor;
        }

        return columns;
    }

    private static CountRow? Read(TableRow row) =>
        row.RowKey.Split('-') is [var key, var number, _] && UtcDay.TryParse(key, out UtcDay day) && PhoneNumberId.TryParse(number, out PhoneNumberId id)
            ? new CountRow(row.RowKey, day, id, row.ETag)
            {
                State = (CountState)row.Get(StateColumn, (int)CountState.Closed),
                TornAt = row.Get(TornColumn, 0L) is > 0 and var torn ? DateTimeOffset.FromUnixTimeMilliseconds(torn) : null,
                Cursor = row.Get(CursorColumn, string.Empty),
                Usage = UsageTotals.Read(row),
                Sent = row.Get<byte[]>(SentColumn, []),
                Delivered = row.Get<byte[]>(DeliveredColumn, []),
            }
            : null;
}
