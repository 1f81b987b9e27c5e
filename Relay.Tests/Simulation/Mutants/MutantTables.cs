using Relay.Shared.Storage;

namespace Relay.Tests.Simulation.Mutants;

/// <summary>Tables that do as they are told, but for what a mutant changes.</summary>
internal abstract class MutantTables(ITableStore inner) : ITableStore
{
    protected ITableStore Inner => inner;

    public virtual Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellationToken) =>
        inner.GetAsync(table, partitionKey, rowKey, cancellationToken);

    public IAsyncEnumerable<TableRow> QueryAsync(string table, TableRange range, CancellationToken cancellationToken) =>
        inner.QueryAsync(table, range, cancellationToken);

    public Task<CommitResult> CommitAsync(string table, string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken) =>
        table == TableNames.Conversations
            ? CommitAsync(partitionKey, writes, cancellationToken)
            : inner.CommitAsync(table, partitionKey, writes, cancellationToken);

    public Task EnsureTablesAsync(IReadOnlyCollection<string> tables, CancellationToken cancellationToken) => inner.EnsureTablesAsync(tables, cancellationToken);

    protected virtual Task<CommitResult> CommitAsync(string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken) =>
        inner.CommitAsync(TableNames.Conversations, partitionKey, writes, cancellationToken);

    protected static bool Is(TableWrite write, string kind) => write.RowKey.StartsWith(kind, StringComparison.Ordinal);
}
