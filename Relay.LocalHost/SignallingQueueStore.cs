using System.Collections.Concurrent;
using Relay.Shared.Storage;

namespace Relay.LocalHost;

/// <summary>
/// A queue store that tells a listener in this process at once when something visible was sent. Only a hint: messages of
/// other processes and delayed ones are found by polling.
/// </summary>
public sealed class SignallingQueueStore(IQueueStore inner) : IQueueStore
{
    private readonly ConcurrentDictionary<string, Action> _listeners = new(StringComparer.Ordinal);

    /// <summary>Calls <paramref name="sent"/> after each undelayed send to the queue.</summary>
    public void OnSent(string queue, Action sent) => _listeners.AddOrUpdate(queue, sent, (_, others) => others + sent);

    public async Task SendAsync(string queue, string body, TimeSpan delay, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        await inner.SendAsync(queue, body, delay, timeToLive, cancellationToken);
        if (delay == TimeSpan.Zero && _listeners.TryGetValue(queue, out var sent))
        {
            sent();
        }
    }

    public Task<IReadOnlyList<QueueItem>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken cancellationToken) =>
        inner.ReceiveAsync(queue, max, visibility, cancellationToken);

    public Task<bool> DeleteAsync(string queue, QueueItem item, CancellationToken cancellationToken) =>
        inner.DeleteAsync(queue, item, cancellationToken);

    public Task<QueueItem?> HideAsync(string queue, QueueItem item, TimeSpan visibility, CancellationToken cancellationToken) =>
        inner.HideAsync(queue, item, visibility, cancellationToken);

    public Task<int> CountAsync(string queue, CancellationToken cancellationToken) => inner.CountAsync(queue, cancellationToken);

    public Task EnsureQueuesAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken) =>
        inner.EnsureQueuesAsync(queues, cancellationToken);
}
