using Relay.Shared.Storage;

namespace Relay.Tests.Support;

/// <summary>Tables at which somebody else does something between a caller's look and its write.</summary>
internal sealed class InterruptedTables(ITableStore inner, string of) : ITableStore
{
    public Func<Task>? Interrupt { get; set; }

    /// <summary>Asked before each commit until it says that it has done its work.</summary>
    public Func<string, IReadOnlyList<TableWrite>, Task<bool>>? InterruptCommit { get; set; }

    public async Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellationToken)
    {
        if (table == of && Interrupt is { } interrupt)
        {
            Interrupt = null;
            await interrupt();
        }

        return await inner.GetAsync(table, partitionKey, rowKey, cancellationToken);
    }

    public IAsyncEnumerable<TableRow> QueryAsync(string table, TableRange range, CancellationToken cancellationToken) =>
        inner.QueryAsync(table, range, cancellationToken);

    public async Task<CommitResult> CommitAsync(string table, string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        if (table == of && InterruptCommit is { } interrupt)
        {
            InterruptCommit = null;
            InterruptCommit = await interrupt(partitionKey, writes) ? null : interrupt;
        }

        return await inner.CommitAsync(table, partitionKey, writes, cancellationToken);
    }

    public Task EnsureTablesAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken) =>
        inner.EnsureTablesAsync(names, cancellationToken);
}
