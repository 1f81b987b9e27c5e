using Relay.Shared.Storage;

namespace Relay.Privacy.Watching;

/// <summary>Queues that pass everything on and show each body to whoever watches.</summary>
internal sealed class WatchedQueues(IQueueStore inner, string account, Sightings seen) : IQueueStore
{
    public Task SendAsync(string queue, string body, TimeSpan delay, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        seen.AddText($"{account} queue {queue}", body);
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
