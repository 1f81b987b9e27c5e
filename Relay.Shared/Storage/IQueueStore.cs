namespace Relay.Shared.Storage;

/// <summary>
/// Queues with Azure Queue Storage's guarantees and no others: a message that was sent is delivered at least once, in no
/// promised order, until it is deleted with the receipt of its last delivery or its life ends.
/// Bodies are text of at most <see cref="QueueLimits.MaxBodyBytes"/> bytes of UTF-8.
/// </summary>
public interface IQueueStore
{
    /// <summary>Puts a message, hidden for <paramref name="delay"/> (0 to 7 days), kept for <paramref name="timeToLive"/>.</summary>
    Task SendAsync(string queue, string body, TimeSpan delay, TimeSpan timeToLive, CancellationToken cancellationToken);

    /// <summary>Takes up to <paramref name="max"/> (1 to 32) visible messages and hides them for <paramref name="visibility"/>.</summary>
    Task<IReadOnlyList<QueueItem>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken cancellationToken);

    /// <summary>Deletes a taken message. False when another delivery has it by now or it is gone.</summary>
    Task<bool> DeleteAsync(string queue, QueueItem item, CancellationToken cancellationToken);

    /// <summary>Makes a taken message visible again after <paramref name="visibility"/>. Null when another delivery has it by now.</summary>
    Task<QueueItem?> HideAsync(string queue, QueueItem item, TimeSpan visibility, CancellationToken cancellationToken);

    /// <summary>About how many messages the queue holds, hidden ones included.</summary>
    Task<int> CountAsync(string queue, CancellationToken cancellationToken);

    /// <summary>Creates the queues that don't exist. Called once at start-up by the local host, never on a request.</summary>
    Task EnsureQueuesAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken);
}

/// <param name="Id">The service's message id.</param>
/// <param name="Receipt">Proof of this delivery, for delete and hide.</param>
/// <param name="Body">The text that was sent.</param>
/// <param name="DequeueCount">1 on the first delivery.</param>
public sealed record QueueItem(string Id, string Receipt, string Body, long DequeueCount)
{
    public override string ToString() => Id;
}
