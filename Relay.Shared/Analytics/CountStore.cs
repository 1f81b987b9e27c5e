using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Analytics;

/// <summary>
/// Table <c>counts</c>: PartitionKey the business, RowKey <c>{day}-{phone number id}-{instance}</c>: how many messages an instance saw sent and delivered, its totals of that
/// day. Only that instance writes the row, whole, so that a repeat changes nothing; a reader adds the rows of all instances up.
/// </summary>
public sealed class CountStore(ITableStore tables)
{
    private const string SentColumn = "sent";
    private const string DeliveredColumn = "delivered";

    /// <summary>Rows that one question reads at most.</summary>
    internal const int MaxRows = 50_000;

    private const int DeletedPerTurn = 5_000;

    internal async Task SaveAsync(
        BusinessId business, string instance, IReadOnlyCollection<(UtcDay Day, PhoneNumberId Number, byte[] Sent, byte[] Delivered)> totals, CancellationToken cancellationToken)
    {
        IEnumerable<TableWrite> writes = totals.Select(one => TableWrite.Upsert(
            $"{one.Day.Key}-{one.Number}-{instance}", new Dictionary<string, object> { [SentColumn] = one.Sent, [DeliveredColumn] = one.Delivered }));
        foreach (TableWrite[] some in writes.Chunk(TableLimits.MaxWritesPerCommit))
        {
            await tables.CommitAsync(TableNames.Counts, business.Value, some, cancellationToken);
        }
    }

    /// <summary>What was counted on each day from one to another, of the numbers that are wanted. Null when there are too many rows to read.</summary>
    internal async Task<SortedDictionary<UtcDay, DayCounts>?> ReadAsync(
        BusinessId business, UtcDay first, UtcDay last, Predicate<string> wants, CancellationToken cancellationToken)
    {
        SortedDictionary<UtcDay, DayCounts> days = [];
        int rows = 0;
        TableRange range = new(business.Value, first.Key, last.AddDays(1).Key, MaxRows + 1);
        await foreach (TableRow row in tables.QueryAsync(TableNames.Counts, range, cancellationToken))
        {
            if (++rows > MaxRows)
            {
                return null;
            }

            if (row.RowKey.Split('-') is [var key, var number, _] && UtcDay.TryParse(key, out UtcDay day) && wants(number))
            {
                DayCounts counts = days.TryGetValue(day, out DayCounts? known) ? known : days[day] = new DayCounts();
                DayCounts.Add(counts.Sent, row.Get<byte[]>(SentColumn, []));
                DayCounts.Add(counts.Delivered, row.Get<byte[]>(DeliveredColumn, []));
            }
        }

        return days;
    }

    /// <summary>Deletes what was counted before a day.</summary>
    internal Task<int> DeleteBeforeAsync(BusinessId business, UtcDay day, CancellationToken cancellationToken) =>
        tables.DeleteAsync(TableNames.Counts, new TableRange(business.Value, null, day.Key, DeletedPerTurn), cancellationToken);
}
