namespace Relay.Shared.Storage;

/// <summary>Some queues of an account that a role may put work on, for another to do. Anything else is a mistake in the code, and an exception here as in Azure.</summary>
public sealed class SendOnlyQueues(IQueueStore inner, IReadOnlyCollection<string> scope) : IQueueStore
{
    public Task SendAsync(string queue, string body, TimeSpan delay, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        scope.Contains(queue) ? inner.SendAsync(queue, body, delay, timeToLive, cancellationToken) : throw Refused(queue);

    public Task<IReadOnlyList<QueueItem>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken cancellationToken) => throw Refused(queue);

    public Task<bool> DeleteAsync(string queue, QueueItem item, CancellationToken cancellationToken) => throw Refused(queue);

    public Task<QueueItem?> HideAsync(string queue, QueueItem item, TimeSpan visibility, CancellationToken cancellationToken) => throw Refused(queue);

    public Task<int> CountAsync(string queue, CancellationToken cancellationToken) => throw Refused(queue);

    public Task EnsureQueuesAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken) =>
        queues.FirstOrDefault(name => !scope.Contains(name)) is { } other ? throw Refused(other) : inner.EnsureQueuesAsync(queues, cancellationToken);

    private static InvalidOperationException Refused(string queue) => new($"This role has no such right on the queue '{queue}'.");
}
