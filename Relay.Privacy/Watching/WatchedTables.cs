using Relay.Shared.Storage;

namespace Relay.Privacy.Watching;

/// <summary>Tables that pass everything on and show each write to whoever watches.</summary>
internal sealed class WatchedTables(ITableStore inner, string account, Sightings seen, LookupAges ages) : ITableStore
{
    public Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellationToken) =>
        inner.GetAsync(table, partitionKey, rowKey, cancellationToken);

    public IAsyncEnumerable<TableRow> QueryAsync(string table, TableRange range, CancellationToken cancellationToken) =>
        inner.QueryAsync(table, range, cancellationToken);

    public Task<CommitResult> CommitAsync(string table, string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        foreach (TableWrite write in writes)
        {
            seen.Add($"{account} table {table}", Sightings.Bytes(partitionKey, write.RowKey, write.Columns));
            ages.Note(table, partitionKey, write);
        }

        return inner.CommitAsync(table, partitionKey, writes, cancellationToken);
    }

    public Task EnsureTablesAsync(IReadOnlyCollection<string> tables, CancellationToken cancellationToken) => inner.EnsureTablesAsync(tables, cancellationToken);
}
