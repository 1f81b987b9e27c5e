using Relay.Shared.Storage;

namespace Relay.Fuzz.Judging;

/// <summary>Tables that note what is written to them.</summary>
internal sealed class LoggedTables(ITableStore inner, WriteLog log) : ITableStore
{
    public Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellationToken) =>
        inner.GetAsync(table, partitionKey, rowKey, cancellationToken);

    public IAsyncEnumerable<TableRow> QueryAsync(string table, TableRange range, CancellationToken cancellationToken) =>
        inner.QueryAsync(table, range, cancellationToken);

    public async Task<CommitResult> CommitAsync(string table, string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        CommitResult result = await inner.CommitAsync(table, partitionKey, writes, cancellationToken);
        if (result.IsSaved)
        {
            foreach (TableWrite write in writes)
            {
                log.Add(table, $"{partitionKey}/{write.RowKey}", write.Kind);
            }
        }

        return result;
    }

    public Task EnsureTablesAsync(IReadOnlyCollection<string> tables, CancellationToken cancellationToken) => inner.EnsureTablesAsync(tables, cancellationToken);
}

/// <summary>Queues that note what is put into them.</summary>
internal sealed class LoggedQueues(IQueueStore inner, WriteLog log) : IQueueStore
{
    public Task SendAsync(string queue, string body, TimeSpan delay, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        log.Add($"queue {queue}");
        return inner.SendAsync(queue, body, delay, timeToLive, cancellationToken);
    }

    public Task<IReadOnlyList<QueueItem>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken cancellationToken) =>
        inner.ReceiveAsync(queue, max, visibility, cancellationToken);

    public Task<bool> DeleteAsync(string queue, QueueItem item, CancellationToken cancellationToken) => inner.DeleteAsync(queue, item, cancellationToken);

    public Task<QueueItem?> HideAsync(string queue, QueueItem item, TimeSpan visibility, CancellationToken cancellationToken) =>
        inner.HideAsync(queue, item, visibility, cancellationToken);

    public Task<int> CountAsync(string queue, CancellationToken cancellationToken) => inner.CountAsync(queue, cancellationToken);

    public Task EnsureQueuesAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken) => inner.EnsureQueuesAsync(queues, cancellationToken);
}

/// <summary>Blobs that note which were written and are still there.</summary>
internal sealed class LoggedBlobs(IBlobStore inner, WriteLog log) : IBlobStore
{
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    public async Task<bool> PutAsync(string container, string name, IAsyncEnumerable<ReadOnlyMemory<byte>> blocks, CancellationToken cancellationToken)
    {
        bool isNew = await inner.PutAsync(container, name, blocks, cancellationToken);
        if (isNew)
        {
            lock (_written)
            {
                _written.Add($"{container}/{name}");
            }
        }

        return isNew;
    }

    public Task<int?> ReadAsync(string container, string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        inner.ReadAsync(container, name, offset, buffer, cancellationToken);

    public async Task DeleteAsync(string container, string name, CancellationToken cancellationToken)
    {
        await inner.DeleteAsync(container, name, cancellationToken);
        lock (_written)
        {
            if (!_written.Remove($"{container}/{name}"))
            {
                log.Add($"blob {container} deleted");
            }
        }
    }

    public Task<IReadOnlyList<string>> ListAsync(string container, string prefix, int limit, CancellationToken cancellationToken) =>
        inner.ListAsync(container, prefix, limit, cancellationToken);

    public Task EnsureContainersAsync(IReadOnlyCollection<string> containers, CancellationToken cancellationToken) => inner.EnsureContainersAsync(containers, cancellationToken);

    /// <summary>Says what is there that a request has left: a file that its refusal took away again is none.</summary>
    public void Settle()
    {
        lock (_written)
        {
            foreach (string blob in _written)
            {
                log.Add($"blob {blob.Split('/')[0]} written");
            }

            _written.Clear();
        }
    }
}
