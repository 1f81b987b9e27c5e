using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Maintenance;

/// <summary>
/// Table <c>parked</c>: queue messages whose handler kept failing, body still sealed as it was. PartitionKey the business, RowKey
/// <c>{yyyyMMdd}-{queue message's id}</c>: parking the same item twice on a day keeps one row. <c>due</c> says when it may go back.
/// </summary>
public sealed class ParkedStore(ITableStore tables)
{
    private const string ItemColumn = "item";
    private const string QueueColumn = "queue";
    private const string DueColumn = "due";
    private const int MaxDeleted = 1_000;
    private const int MaxRead = 10_000;

    public async Task ParkAsync(
        BusinessId business, string id, string queue, string item, DateTimeOffset now, TimeSpan pause, CancellationToken cancellationToken)
    {
        Dictionary<string, object> columns = new()
        {
            [QueueColumn] = queue,
            [ItemColumn] = System.Text.Encoding.UTF8.GetBytes(item),
            [DueColumn] = (now + pause).ToUnixTimeMilliseconds(),
        };
        string row = $"{UtcDay.Of(now).Key}-{id}";
        await tables.CommitAsync(TableNames.Parked, business.Value, [TableWrite.Upsert(row, columns)], cancellationToken);
    }

    /// <summary>What may go back, longest due first: what comes again and again waits its turn behind all others.</summary>
    public async Task<IReadOnlyList<ParkedItem>> ListDueAsync(BusinessId business, DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        PriorityQueue<ParkedItem, long> latestFirst = new();
        await foreach (TableRow row in tables.QueryAsync(TableNames.Parked, TableRange.Partition(business.Value, MaxRead), cancellationToken))
        {
            long due = row.Get(DueColumn, 0L);
            if (due > now.ToUnixTimeMilliseconds())
            {
                continue;
            }

            latestFirst.Enqueue(new ParkedItem(row.RowKey, row.Get<string>(QueueColumn), System.Text.Encoding.UTF8.GetString(row.Get<byte[]>(ItemColumn))), -due);
            if (latestFirst.Count > limit)
            {
                latestFirst.Dequeue();
            }
        }

        return [.. latestFirst.UnorderedItems.OrderByDescending(one => one.Priority).Select(one => one.Element)];
    }

    public Task RemoveAsync(BusinessId business, string rowKey, CancellationToken cancellationToken) =>
        tables.CommitAsync(TableNames.Parked, business.Value, [TableWrite.Delete(rowKey, null)], cancellationToken);

    internal async Task DeleteBeforeAsync(BusinessId business, UtcDay firstLive, CancellationToken cancellationToken)
    {
        await foreach (TableRow row in tables.QueryAsync(TableNames.Parked, new TableRange(business.Value, "0", firstLive.Key, MaxDeleted), cancellationToken))
        {
            await RemoveAsync(business, row.RowKey, cancellationToken);
        }
    }
}

/// <param name="RowKey">Its row.</param>
/// <param name="Queue">The queue it came from.</param>
/// <param name="Item">The queue message as it was.</param>
public sealed record ParkedItem(string RowKey, string Queue, string Item)
{
    public override string ToString() => RowKey;
}
