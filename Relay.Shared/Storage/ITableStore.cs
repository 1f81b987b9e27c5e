namespace Relay.Shared.Storage;

/// <summary>
/// Tables with Azure Table Storage's guarantees and no others: a point read is consistent, <see cref="CommitAsync"/> is all or
/// nothing within one partition, and a write that was guarded by an ETag or by being an insert has exactly one winner.
/// A fault (timeout, 5xx, throttling after the adapter's own retries) is an exception, and then the write may have happened
/// or may still happen.
/// </summary>
public interface ITableStore
{
    /// <summary>Reads one row, or null.</summary>
    Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellationToken);

    /// <summary>Reads a range in the order of partition and row keys (ordinal), page by page.</summary>
    IAsyncEnumerable<TableRow> QueryAsync(string table, TableRange range, CancellationToken cancellationToken);

    /// <summary>
    /// Writes 1 to 100 rows of one partition in one entity-group transaction, each row at most once, at most 3 MiB in all.
    /// The outcome of a lost race is a value and then nothing was written.
    /// </summary>
    Task<CommitResult> CommitAsync(string table, string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken);

    /// <summary>Creates the tables that don't exist. Called once at start-up by the local host, never on a request.</summary>
    Task EnsureTablesAsync(IReadOnlyCollection<string> tables, CancellationToken cancellationToken);
}
