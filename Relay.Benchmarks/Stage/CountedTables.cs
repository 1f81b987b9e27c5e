using System.Runtime.CompilerServices;
using Relay.Shared.Storage;

namespace Relay.Benchmarks.Stage;

/// <summary>Counts transactions as a table service bills them: one for each call, and for a query one for each page of up to 1,000 rows.</summary>
internal sealed class CountedTables(ITableStore inner) : ITableStore
{
    private const int RowsPerPage = 1_000;

    private long _transactions;
    private long _queries;

    /// <summary>All but queries.</summary>
    public long Transactions => Interlocked.Read(ref _transactions);

    /// <summary>Pages.</summary>
    public long Queries => Interlocked.Read(ref _queries);

    public Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _transactions);
        return inner.GetAsync(table, partitionKey, rowKey, cancellationToken);
    }

    public async IAsyncEnumerable<TableRow> QueryAsync(string table, TableRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _queries);
        int rows = 0;
        await foreach (TableRow row in inner.QueryAsync(table, range, cancellationToken))
        {
            if (++rows % RowsPerPage == 0)
            {
                Interlocked.Increment(ref _queries);
            }

            yield return row;
        }
    }

    public Task<CommitResult> CommitAsync(string table, string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _transactions);
        return inner.CommitAsync(table, partitionKey, writes, cancellationToken);
    }

    public Task EnsureTablesAsync(IReadOnlyCollection<string> tables, CancellationToken cancellationToken) => inner.EnsureTablesAsync(tables, cancellationToken);
}
