using Relay.Shared.Storage;

namespace Relay.Benchmarks.Stage;

/// <summary>Counts the gets that brought messages. The SDK's count holds those of idle listeners too, which cost per hour, not per message.</summary>
internal sealed class TakeCounter(IQueueStore inner) : IQueueStore
{
    private long _takes;

    public long Takes => Interlocked.Read(ref _takes);

    public async Task<IReadOnlyList<QueueItem>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken cancellationToken)
    {
        IReadOnlyList<QueueItem> items = await inner.ReceiveAsync(queue, max, visibility, cancellationToken);
        if (items.Count > 0)
        {
            Interlocked.Increment(ref _takes);
        }

        return items;
    }

    public Task SendAsync(string queue, string body, TimeSpan delay, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        inner.SendAsync(queue, body, delay, timeToLive, cancellationToken);

    public Task<bool> DeleteAsync(string queue, QueueItem item, CancellationToken cancellationToken) => inner.DeleteAsync(queue, item, cancellationToken);

    public Task<QueueItem?> HideAsync(string queue, QueueItem item, TimeSpan visibility, CancellationToken cancellationToken) =>
        inner.HideAsync(queue, item, visibility, cancellationToken);

    public Task<int> CountAsync(string queue, CancellationToken cancellationToken) => inner.CountAsync(queue, cancellationToken);

    public Task EnsureQueuesAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken) => inner.EnsureQueuesAsync(queues, cancellationToken);
}
