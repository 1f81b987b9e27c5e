namespace Relay.Shared.Storage;

/// <summary>Some tables of an account, as a role's identity has rights on them. Any other is a mistake in the code, and an exception here as in Azure.</summary>
public sealed class ScopedTables(ITableStore inner, IReadOnlyCollection<string> scope) : ITableStore
{
    public Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellationToken) =>
        inner.GetAsync(Known(table), partitionKey, rowKey, cancellationToken);

    public IAsyncEnumerable<TableRow> QueryAsync(string table, TableRange range, CancellationToken cancellationToken) =>
        inner.QueryAsync(Known(table), range, cancellationToken);

    public Task<CommitResult> CommitAsync(string table, string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken) =>
        inner.CommitAsync(Known(table), partitionKey, writes, cancellationToken);

    public Task EnsureTablesAsync(IReadOnlyCollection<string> tables, CancellationToken cancellationToken) =>
        inner.EnsureTablesAsync([.. tables.Select(Known)], cancellationToken);

    private string Known(string table) =>
        scope.Contains(table) ? table : throw new InvalidOperationException($"This role has no right on the table '{table}'.");
}
