using System.Collections.Concurrent;
using Relay.Shared.Storage;

namespace Relay.Tests.Transport;

/// <summary>Tables that remember every row ever written to them, count calls, and may fail the next deletion.</summary>
internal sealed class RecordingTables(ITableStore inner) : ITableStore
{
    public ConcurrentBag<(string Table, string Partition, TableWrite Write)> Writes { get; } = [];

    public ConcurrentQueue<string> Calls { get; } = [];

    public bool FailNextDelete { get; set; }

    /// <summary>Told of each call before it is made.</summary>
    public Action<string> Called { get; set; } = _ => { };

    public Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellationToken)
    {
        Note($"GET {table}");
        return inner.GetAsync(table, partitionKey, rowKey, cancellationToken);
    }

    public IAsyncEnumerable<TableRow> QueryAsync(string table, TableRange range, CancellationToken cancellationToken)
    {
        Note($"QUERY {table}");
        return inner.QueryAsync(table, range, cancellationToken);
    }

    public Task<CommitResult> CommitAsync(string table, string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        Note($"COMMIT {table}");
        if (FailNextDelete && writes.Any(write => write.Kind == TableWriteKind.Delete))
        {
            FailNextDelete = false;
            throw new StorageFaultException("commit", table, 503, "ServerBusy");
        }

        foreach (TableWrite write in writes)
        {
            Writes.Add((table, partitionKey, write));
        }

        return inner.CommitAsync(table, partitionKey, writes, cancellationToken);
    }

    public Task EnsureTablesAsync(IReadOnlyCollection<string> tables, CancellationToken cancellationToken) =>
        inner.EnsureTablesAsync(tables, cancellationToken);

    private void Note(string call)
    {
        Calls.Enqueue(call);
        Called(call);
    }
}
