namespace Relay.Shared.Storage;

/// <summary>Deletion of many rows of one partition, whoever else deletes them at the same time.</summary>
internal static class TableDeletion
{
    /// <summary>Deletes the rows of a range; says of how many.</summary>
    internal static async Task<int> DeleteAsync(this ITableStore tables, string table, TableRange range, CancellationToken cancellationToken)
    {
        List<TableWrite> deletes = [];
        await foreach (TableRow row in tables.QueryAsync(table, range, cancellationToken))
        {
            deletes.Add(TableWrite.Delete(row.RowKey, null));
        }

        await tables.DeleteAsync(table, range.PartitionKey, deletes, cancellationToken);
        return deletes.Count;
    }

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
