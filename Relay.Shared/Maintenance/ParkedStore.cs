using System.Runtime.CompilerServices;
using System.Text;
using Relay.Shared.Messaging;
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
            [ItemColumn] = Encoding.UTF8.GetBytes(item),
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

            latestFirst.Enqueue(Read(row), -due);
            if (latestFirst.Count > limit)
            {
                latestFirst.Dequeue();
            }
        }

        return [.. latestFirst.UnorderedItems.OrderByDescending(one => one.Priority).Select(one => one.Element)];
    }

    /// <summary>All of a business.</summary>
    internal async IAsyncEnumerable<ParkedItem> ListAsync(BusinessId business, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (TableRow row in tables.QueryAsync(TableNames.Parked, TableRange.Partition(business.Value, MaxRead), cancellationToken))
        {
            yield return Read(row);
        }
    }

    public Task RemoveAsync(BusinessId business, IEnumerable<string> rowKeys, CancellationToken cancellationToken) =>
        tables.DeleteAsync(TableNames.Parked, business.Value, [.. rowKeys.Select(row => TableWrite.Delete(row, null))], cancellationToken);

    internal Task DeleteBeforeAsync(BusinessId business, UtcDay firstLive, CancellationToken cancellationToken) =>
        tables.DeleteAsync(TableNames.Parked, new TableRange(business.Value, "0", firstLive.Key, MaxDeleted), cancellationToken);

    private static ParkedItem Read(TableRow row) =>
        new(row.RowKey, row.Get<string>(QueueColumn), Encoding.UTF8.GetString(row.Get<byte[]>(ItemColumn)));
}

/// <param name="RowKey">Its row.</param>
/// <param name="Queue">The queue it came from.</param>
/// <param name="Item">The queue message as it was.</param>
public sealed record ParkedItem(string RowKey, string Queue, string Item)
{
    public override string ToString() => RowKey;

    /// <summary>The item; null when it is a newer version's.</summary>
    internal WorkItem? Read()
    {
        try
        {
            return WorkItem.Parse(Item);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
