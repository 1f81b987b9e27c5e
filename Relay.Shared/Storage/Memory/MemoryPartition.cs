namespace Relay.Shared.Storage.Memory;

/// <summary>One partition: the unit of locking, of order and of all-or-nothing.</summary>
internal sealed class MemoryPartition
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MemoryRow> _rows = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _order = new(StringComparer.Ordinal);
    private bool _isRetired;

    public MemoryRow? Find(string rowKey)
    {
        lock (_gate)
        {
            return _rows.GetValueOrDefault(rowKey);
        }
    }

    /// <summary>Up to <paramref name="max"/> rows in order, with keys above <paramref name="after"/>.</summary>
    public List<MemoryRow> Page(string? from, string? after, string? before, int max)
    {
        List<MemoryRow> page = [];
        lock (_gate)
        {
            string? lowest = after ?? from;
            string? highest = _order.Max;
            if (highest is null || (lowest is not null && string.CompareOrdinal(lowest, highest) > 0))
            {
                return page;
            }

            SortedSet<string> keys = lowest is null ? _order : _order.GetViewBetween(lowest, highest);
            foreach (string key in keys)
            {
                if (page.Count == max || (before is not null && string.CompareOrdinal(key, before) >= 0))
                {
                    break;
                }

                if (!string.Equals(key, after, StringComparison.Ordinal))
                {
                    page.Add(_rows[key]);
                }
            }
        }

        return page;
    }

    /// <summary>
    /// Does all writes or none. Null: this partition became empty and was given up, look it up again.
    /// An empty partition calls <paramref name="retire"/> under its lock, so that deleted partitions leave nothing behind.
    /// </summary>
    public CommitResult? Commit(IReadOnlyList<TableWrite> writes, Func<string> nextETag, Action retire)
    {
        lock (_gate)
        {
            if (_isRetired)
            {
                return null;
            }

            CommitResult result = Check(writes) ?? CommitResult.Saved([.. writes.Select(write => Apply(write, nextETag))]);

            if (_rows.Count == 0)
            {
                _isRetired = true;
                retire();
            }

            return result;
        }
    }

    /// <summary>What stops the commit, or null. Each row is written once, so all conditions hold or fail against the state before it.</summary>
    private CommitResult? Check(IReadOnlyList<TableWrite> writes)
    {
        foreach (TableWrite write in writes)
        {
            MemoryRow? row = _rows.GetValueOrDefault(write.RowKey);
            StoreOutcome outcome = (write.Kind, row) switch
            {
                (TableWriteKind.Upsert, _) or (TableWriteKind.Insert, null) => StoreOutcome.Saved,
                (TableWriteKind.Insert, _) => StoreOutcome.AlreadyExists,
                (_, null) => StoreOutcome.Missing,
                _ when write.ETag is null or "*" || string.Equals(write.ETag, row.ETag, StringComparison.Ordinal) => StoreOutcome.Saved,
                _ => StoreOutcome.Changed,
            };
            if (outcome != StoreOutcome.Saved)
            {
                return new CommitResult(outcome, write.RowKey);
            }
        }

        return null;
    }

    private string? Apply(TableWrite write, Func<string> nextETag)
    {
        if (write.Kind == TableWriteKind.Delete)
        {
            _rows.Remove(write.RowKey);
            _order.Remove(write.RowKey);
            return null;
        }

        Dictionary<string, object> columns = write.Kind == TableWriteKind.Merge
            ? new Dictionary<string, object>(_rows[write.RowKey].Columns, StringComparer.Ordinal)
            : new Dictionary<string, object>(write.Columns.Count, StringComparer.Ordinal);
        MemoryColumns.Merge(write.Columns, columns);
        MemoryRow row = new(write.RowKey, nextETag(), columns);
        _rows[write.RowKey] = row;
        _order.Add(write.RowKey);
        return row.ETag;
    }
}
