using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Maintenance;

/// <summary>
/// Table <c>parked</c>: queue messages whose handler kept failing, body still sealed as it was. PartitionKey the business, RowKey
/// <c>{yyyyMMdd}-{queue message's id}</c>: parking the same item twice on a day keeps one row.
/// </summary>
public sealed class ParkedStore(ITableStore tables)
{
    private const string ItemColumn = "item";
    private const string QueueColumn = "queue";
    private const int MaxDeleted = 1_000;

    public async Task ParkAsync(BusinessId business, UtcDay day, string id, string queue, string item, CancellationToken cancellationToken)
    {
        Dictionary<string, object> columns = new() { [QueueColumn] = queue, [ItemColumn] = System.Text.Encoding.UTF8.GetBytes(item) };
        await tables.CommitAsync(TableNames.Parked, business.Value, [TableWrite.Upsert($"{day.Key}-{id}", columns)], cancellationToken);
    }

    /// <summary>The oldest parked items of a business.</summary>
    public async Task<IReadOnlyList<ParkedItem>> ListAsync(BusinessId business, int limit, CancellationToken cancellationToken)
    {
        List<ParkedItem> found = [];
        await foreach (TableRow row in tables.QueryAsync(TableNames.Parked, TableRange.Partition(business.Value, limit), cancellationToken))
        {
            found.Add(new ParkedItem(row.RowKey, row.Get<string>(QueueColumn), System.Text.Encoding.UTF8.GetString(row.Get<byte[]>(ItemColumn))));
        }

        return found;
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
