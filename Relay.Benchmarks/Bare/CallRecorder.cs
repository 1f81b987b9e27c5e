using System.Runtime.CompilerServices;
using Relay.Shared.Storage;

namespace Relay.Benchmarks.Bare;

/// <summary>Remembers the storage calls of a stretch of work, in the order in which they began; takes that brought nothing are left out.</summary>
internal sealed class CallRecorder
{
    private readonly Lock _gate = new();
    private List<StorageCall> _calls = [];

    public RelayStorage Around(RelayStorage storage) =>
        new(new Tables(storage.Tables, Account.Relay, this), new Queues(storage.Queues, Account.Relay, this), storage.Blobs);

    public TransportStorage Around(TransportStorage storage) =>
        new(new Tables(storage.Tables, Account.Transport, this), new Queues(storage.Queues, Account.Transport, this), storage.Blobs);

    /// <summary>What was called since the last time.</summary>
    public IReadOnlyList<StorageCall> Take()
    {
        lock (_gate)
        {
            (List<StorageCall> taken, _calls) = (_calls, []);
            return taken;
        }
    }

    private void Add(StorageCall call)
    {
        lock (_gate)
        {
            _calls.Add(call);
        }
    }

    private sealed class Tables(ITableStore inner, Account account, CallRecorder recorder) : ITableStore
    {
        public Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellationToken)
        {
            recorder.Add(new TableGet(account, table, partitionKey, rowKey));
            return inner.GetAsync(table, partitionKey, rowKey, cancellationToken);
        }

        public async IAsyncEnumerable<TableRow> QueryAsync(string table, TableRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            recorder.Add(new TableQuery(account, table, range));
            await foreach (TableRow row in inner.QueryAsync(table, range, cancellationToken))
            {
                yield return row;
            }
        }

        public Task<CommitResult> CommitAsync(string table, string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
        {
            recorder.Add(new TableCommit(account, table, partitionKey, writes));
            return inner.CommitAsync(table, partitionKey, writes, cancellationToken);
        }

        public Task EnsureTablesAsync(IReadOnlyCollection<string> tables, CancellationToken cancellationToken) =>
            inner.EnsureTablesAsync(tables, cancellationToken);
    }

    private sealed class Queues(IQueueStore inner, Account account, CallRecorder recorder) : IQueueStore
    {
        public Task SendAsync(string queue, string body, TimeSpan delay, TimeSpan timeToLive, CancellationToken cancellationToken)
        {
            recorder.Add(new QueuePut(account, queue, body));
            return inner.SendAsync(queue, body, delay, timeToLive, cancellationToken);
        }

        public async Task<IReadOnlyList<QueueItem>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken cancellationToken)
        {
            IReadOnlyList<QueueItem> items = await inner.ReceiveAsync(queue, max, visibility, cancellationToken);
            if (items.Count > 0)
            {
                recorder.Add(new QueueTake(account, queue));
            }

            return items;
        }

        public Task<bool> DeleteAsync(string queue, QueueItem item, CancellationToken cancellationToken)
        {
            recorder.Add(new QueueDelete(account, queue));
            return inner.DeleteAsync(queue, item, cancellationToken);
        }

        public Task<QueueItem?> HideAsync(string queue, QueueItem item, TimeSpan visibility, CancellationToken cancellationToken) =>
            inner.HideAsync(queue, item, visibility, cancellationToken);

        public Task<int> CountAsync(string queue, CancellationToken cancellationToken) => inner.CountAsync(queue, cancellationToken);

        public Task EnsureQueuesAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken) =>
            inner.EnsureQueuesAsync(queues, cancellationToken);
    }
}
