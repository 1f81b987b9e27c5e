namespace Relay.Shared.Storage;

/// <summary>Deletion of many rows of one partition, whoever else deletes them at the same time.</summary>
internal static class TableDeletion
{
    /// <summary>Deletes in transactions of 100; where a row was gone already, one by one: a missing row is as good as a deleted one.</summary>
    internal static async Task DeleteAsync(
        this ITableStore tables, string table, string partition, IReadOnlyCollection<TableWrite> deletes, CancellationToken cancellationToken)
    {
        foreach (TableWrite[] batch in deletes.Chunk(TableLimits.MaxWritesPerCommit))
        {
            if ((await tables.CommitAsync(table, partition, batch, cancellationToken)).IsSaved)
            {
                continue;
            }

            foreach (TableWrite delete in batch)
            {
                await tables.CommitAsync(table, partition, [delete], cancellationToken);
            }
        }
    }
}
