using System.Globalization;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;

namespace Relay.Tests.Support;

/// <summary>A storage account in memory that can be looked at and copied as a whole.</summary>
internal sealed class MemoryAccount(TimeProvider time)
{
    public MemoryTableStore Tables { get; } = new();

    public MemoryQueueStore Queues { get; } = new(time);

    public MemoryBlobStore Blobs { get; } = new();

    public IEnumerable<TableRow> Rows(string table) => Tables.Everything().Where(entry => entry.Table == table).Select(entry => entry.Row);

    /// <summary>All rows with all columns and all queue messages, as lines to compare.</summary>
    public IReadOnlyList<string> Dump() =>
    [
        .. Tables.Everything().Select(entry => $"{entry.Table}/{entry.Row.PartitionKey}/{entry.Row.RowKey} {entry.Row.ETag} {Text(entry.Row.Columns)}"),
        .. Queues.Everything().Select(message => $"{message.Queue}: {message.Body}"),
    ];

    /// <summary>The tables of this account in another one. Queues are expected to be empty.</summary>
    public async Task<MemoryAccount> CopyAsync(TimeProvider clock)
    {
        MemoryAccount copy = new(clock);
        foreach ((string table, TableRow row) in Tables.Everything())
        {
            await copy.Tables.EnsureTablesAsync([table], CancellationToken.None);
            await copy.Tables.CommitAsync(table, row.PartitionKey, [TableWrite.Upsert(row.RowKey, row.Columns)], CancellationToken.None);
        }

        return copy;
    }

    private static string Text(IReadOnlyDictionary<string, object> columns) => string.Join(
        ' ', columns.OrderBy(column => column.Key, StringComparer.Ordinal).Select(column => $"{column.Key}={Text(column.Value)}"));

    private static string Text(object value) => value is byte[] bytes ? Convert.ToHexStringLower(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
