namespace Relay.Shared.Storage;

/// <summary>Deletion of many rows of one partition, whoever else deletes them at the same time.</summary>
internal static class TableDeletion
{
    /// <summary>Deletes the rows of a range; says of how many.</summary>
    internal static async Task<int> DeleteAsync(this ITableStore tables, string table, TableRange range, CancellationToken cancellationToken) =>
        (await tables.DeleteAsync(table, range, static _ => true, int.MaxValue, cancellationToken)).Rows;

    /// <summary>Deletes rows of a range while it is read, at most about <paramref name="most"/>: of how many, and whether there are no others.</summary>
    internal static async Task<(int Rows, bool IsDone)> DeleteAsync(
        this ITableStore tables, string table, TableRange range, Func<TableRow, bool> which, int most, CancellationToken cancellationToken)
    {
        int deleted = 0;
        List<TableWrite> batch = [];
        await foreach (TableRow row in tables.QueryAsync(table, range, cancellationToken))
        {
            if (!which(row))
            {
                continue;
            }

            if (deleted >= most)
            {
                return (deleted, false);
            }

            batch.Add(TableWrite.Delete(row.RowKey, null));
            if (batch.Count == TableLimits.MaxWritesPerCommit)
            {
                await tables.DeleteAsync(table, range.PartitionKey, batch, cancellationToken);
                deleted += batch.Count;
                batch.Clear();
            }
        }

        await tables.DeleteAsync(table, range.PartitionKey, batch, cancellationToken);
        return (deleted + batch.Count, true);
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
