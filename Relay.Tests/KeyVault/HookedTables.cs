using System.Runtime.CompilerServices;
using Relay.Shared.Storage;

namespace Relay.Tests.KeyVault;

/// <summary>Tables that do something of the test's before each call.</summary>
/// <param name="inner">The tables.</param>
/// <param name="before">Gets the call's number, from 0.</param>
internal sealed class HookedTables(ITableStore inner, Func<int, Task> before) : ITableStore
{
    private int _calls = -1;

    public HookedTables(ITableStore inner, Action<int> before)
        : this(inner, call =>
        {
            before(call);
            return Task.CompletedTask;
        })
    {
    }

    public async Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellationToken)
    {
        await before(Interlocked.Increment(ref _calls));
        return await inner.GetAsync(table, partitionKey, rowKey, cancellationToken);
    }

    public async IAsyncEnumerable<TableRow> QueryAsync(string table, TableRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await before(Interlocked.Increment(ref _calls));
        await foreach (TableRow row in inner.QueryAsync(table, range, cancellationToken))
        {
            yield return row;
        }
    }

    public async Task<CommitResult> CommitAsync(string table, string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        await before(Interlocked.Increment(ref _calls));
        return await inner.CommitAsync(table, partitionKey, writes, cancellationToken);
    }

    public Task EnsureTablesAsync(IReadOnlyCollection<string> tables, CancellationToken cancellationToken) =>
        inner.EnsureTablesAsync(tables, cancellationToken);
}
