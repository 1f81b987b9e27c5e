using System.Runtime.CompilerServices;
using Relay.Shared.Storage;

namespace Relay.Tests.Support;

/// <summary>Tables whose every call is a step of a <see cref="FaultPlan"/>. A range is one step: it is read whole, or not at all.</summary>
public sealed class FaultyTableStore(ITableStore inner, FaultPlan plan, string process) : ITableStore
{
    public Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellationToken) =>
        plan.StepAsync(process, "table:get", table, "", () => inner.GetAsync(table, partitionKey, rowKey, cancellationToken));

    public async IAsyncEnumerable<TableRow> QueryAsync(
        string table, TableRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<TableRow> rows = await plan.StepAsync(process, "table:query", table, "", async () =>
            await inner.QueryAsync(table, range, cancellationToken).ToListAsync(cancellationToken));
        foreach (TableRow row in rows)
        {
            yield return row;
        }
    }

    public Task<CommitResult> CommitAsync(
        string table, string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        // Copied now: the caller may wipe its buffers before the writes land.
        TableWrite[] copies = [.. writes.Select(Copy)];
        return plan.StepAsync(
            process, "table:commit", table, string.Join('+', writes.Select(write => write.Kind)),
            () => inner.CommitAsync(table, partitionKey, writes, cancellationToken),
            () => inner.CommitAsync(table, partitionKey, copies, CancellationToken.None));
    }

    /// <summary>Set-up isn't a step.</summary>
    public Task EnsureTablesAsync(IReadOnlyCollection<string> tables, CancellationToken cancellationToken) =>
        inner.EnsureTablesAsync(tables, cancellationToken);

    /// <summary>A write whose buffers nobody wipes.</summary>
    internal static TableWrite Copy(TableWrite write)
    {
        Dictionary<string, object> columns = write.Columns.ToDictionary(
            column => column.Key, column => column.Value is byte[] bytes ? bytes.Clone() : column.Value);
        return write.Kind switch
        {
            TableWriteKind.Insert => TableWrite.Insert(write.RowKey, columns),
            TableWriteKind.Replace => TableWrite.Replace(write.RowKey, write.ETag ?? "*", columns),
            TableWriteKind.Merge => TableWrite.Merge(write.RowKey, write.ETag, columns),
            TableWriteKind.Upsert => TableWrite.Upsert(write.RowKey, columns),
            TableWriteKind.Delete => TableWrite.Delete(write.RowKey, write.ETag),
            _ => throw new ArgumentOutOfRangeException(nameof(write)),
        };
    }
}
