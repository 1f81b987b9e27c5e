using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Relay.Shared.Storage.Memory;

/// <summary>
/// Tables in memory with the semantics of Azure, for tests and for running without set-up: a lock per partition, a new ETag at
/// each write, nothing shared with the caller, and the same refusals (<see cref="TableGuard"/>).
/// </summary>
public sealed class MemoryTableStore : ITableStore
{
    private const int PageRows = 200;

    /// <summary>Table names are compared without case, as by the service.</summary>
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, MemoryPartition>> _tables = new(StringComparer.OrdinalIgnoreCase);
    private readonly Func<string> _nextETag;
    private long _writes;

    public MemoryTableStore() => _nextETag = NextETag;

    public Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellationToken)
    {
        TableGuard.CheckKey(partitionKey);
        TableGuard.CheckKey(rowKey);
        cancellationToken.ThrowIfCancellationRequested();
        MemoryRow? row = Open(table).GetValueOrDefault(partitionKey)?.Find(rowKey);
        return Task.FromResult(row?.Read(partitionKey));
    }

    public IAsyncEnumerable<TableRow> QueryAsync(string table, TableRange range, CancellationToken cancellationToken)
    {
        TableGuard.CheckRange(range);
        return ReadAsync(Open(table), range, cancellationToken);
    }

    public Task<CommitResult> CommitAsync(
        string table, string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        TableGuard.CheckCommit(partitionKey, writes);
        cancellationToken.ThrowIfCancellationRequested();
        ConcurrentDictionary<string, MemoryPartition> partitions = Open(table);
        while (true)
        {
            MemoryPartition partition = partitions.GetOrAdd(partitionKey, static _ => new MemoryPartition());
            if (partition.Commit(writes, _nextETag, () => partitions.TryRemove(partitionKey, out _)) is { } result)
            {
                return Task.FromResult(result);
            }
        }
    }

    public Task EnsureTablesAsync(IReadOnlyCollection<string> tables, CancellationToken cancellationToken)
    {
        foreach (string table in tables)
        {
            TableGuard.CheckTable(table);
            _tables.TryAdd(table, new ConcurrentDictionary<string, MemoryPartition>(StringComparer.Ordinal));
        }

        return Task.CompletedTask;
    }

    /// <summary>Every row of every table, for tests that compare or copy a whole account.</summary>
    internal IReadOnlyList<(string Table, TableRow Row)> Everything() =>
    [
        .. from table in _tables
           from partition in table.Value
           from row in partition.Value.Page(null, null, null, int.MaxValue)
           orderby table.Key, partition.Key, row.RowKey
           select (table.Key, row.Read(partition.Key)),
    ];

    /// <summary>Page by page as the service does: what is written between two pages may be seen.</summary>
    private static async IAsyncEnumerable<TableRow> ReadAsync(
        ConcurrentDictionary<string, MemoryPartition> partitions, TableRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        string? last = null;
        int left = range.Limit;
        while (left > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int max = Math.Min(left, PageRows);
            List<MemoryRow> page = partitions.GetValueOrDefault(range.PartitionKey)?.Page(range.FromRowKey, last, range.BeforeRowKey, max) ?? [];
            foreach (MemoryRow row in page)
            {
                yield return row.Read(range.PartitionKey);
                last = row.RowKey;
            }

            left = page.Count < max ? 0 : left - page.Count;
        }
    }

    private ConcurrentDictionary<string, MemoryPartition> Open(string table) => _tables.GetValueOrDefault(table)
        ?? throw new StorageFaultException("table call", table, 404, "TableNotFound");

    private string NextETag() => string.Create(CultureInfo.InvariantCulture, $"W/\"{Interlocked.Increment(ref _writes):x}\"");
}
