using System.Collections.Concurrent;
using Relay.Shared.Storage;

namespace Relay.Tests.Transport;

/// <summary>Queues that remember every body and delay, and may fail the next send.</summary>
internal sealed class RecordingQueues(IQueueStore inner) : IQueueStore
{
    public ConcurrentQueue<(string Body, TimeSpan Delay)> Sent { get; } = [];

    public bool FailNextSend { get; set; }

    public Task SendAsync(string queue, string body, TimeSpan delay, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        if (FailNextSend)
        {
            FailNextSend = false;
            throw new StorageFaultException("queue send", queue, 503, "ServerBusy");
        }

        Sent.Enqueue((body, delay));
        return inner.SendAsync(queue, body, delay, timeToLive, cancellationToken);
    }

    public Task<IReadOnlyList<QueueItem>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken cancellationToken) =>
        inner.ReceiveAsync(queue, max, visibility, cancellationToken);

    public Task<bool> DeleteAsync(string queue, QueueItem item, CancellationToken cancellationToken) => inner.DeleteAsync(queue, item, cancellationToken);

    public Task<QueueItem?> HideAsync(string queue, QueueItem item, TimeSpan visibility, CancellationToken cancellationToken) =>
        inner.HideAsync(queue, item, visibility, cancellationToken);

    public Task<int> CountAsync(string queue, CancellationToken cancellationToken) => inner.CountAsync(queue, cancellationToken);

    public Task EnsureQueuesAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken) =>
        inner.EnsureQueuesAsync(queues, cancellationToken);
}
