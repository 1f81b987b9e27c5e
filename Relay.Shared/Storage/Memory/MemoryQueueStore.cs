using System.Collections.Concurrent;

namespace Relay.Shared.Storage.Memory;

/// <summary>
/// Queues in memory with the semantics of Azure and the clock that was given: visibility, receipts and lives end exactly when
/// that clock says so. Order is by the time of becoming visible, which no caller may rely on.
/// </summary>
public sealed class MemoryQueueStore(TimeProvider time) : IQueueStore
{
    private readonly ConcurrentDictionary<string, MemoryQueue> _queues = new(StringComparer.Ordinal);

    public Task SendAsync(string queue, string body, TimeSpan delay, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        QueueGuard.CheckBody(body);
        QueueGuard.CheckTimes(delay, timeToLive);
        cancellationToken.ThrowIfCancellationRequested();
        DateTimeOffset now = time.GetUtcNow();
        Open(queue).Send(body, now + QueueGuard.WholeSeconds(delay), now + QueueGuard.WholeSeconds(timeToLive));
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<QueueItem>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken cancellationToken)
    {
        QueueGuard.CheckReceive(max, visibility);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<QueueItem>>(Open(queue).Receive(max, time.GetUtcNow(), QueueGuard.WholeSeconds(visibility)));
    }

    public Task<bool> DeleteAsync(string queue, QueueItem item, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Open(queue).Delete(item, time.GetUtcNow()));
    }

    public Task<QueueItem?> HideAsync(string queue, QueueItem item, TimeSpan visibility, CancellationToken cancellationToken)
    {
        QueueGuard.CheckHide(visibility);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Open(queue).Hide(item, time.GetUtcNow(), QueueGuard.WholeSeconds(visibility)));
    }

    public Task<int> CountAsync(string queue, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Open(queue).Count(time.GetUtcNow()));
    }

    public Task EnsureQueuesAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken)
    {
        foreach (string queue in queues)
        {
            QueueGuard.CheckQueue(queue);
            _queues.TryAdd(queue, new MemoryQueue());
        }

        return Task.CompletedTask;
    }

    /// <summary>The bodies of all messages, hidden ones included, for tests that look at a whole account.</summary>
    internal IReadOnlyList<(string Queue, string Body)> Everything() =>
        [.. _queues.SelectMany(queue => queue.Value.Bodies(time.GetUtcNow()).Select(body => (queue.Key, body)))];

    /// <summary>Whether a receive would find something now, for a test that decides who polls.</summary>
    internal bool HasVisible(string queue) => Open(queue).HasVisible(time.GetUtcNow());

    private MemoryQueue Open(string queue) => _queues.GetValueOrDefault(queue)
        ?? throw new StorageFaultException("queue call", queue, 404, "QueueNotFound");
}
