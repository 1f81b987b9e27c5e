using Relay.Shared.Storage;

namespace Relay.Tests.Support;

/// <summary>Queues whose every call is a step of a <see cref="FaultPlan"/>.</summary>
public sealed class FaultyQueueStore(IQueueStore inner, FaultPlan plan, string process) : IQueueStore
{
    public Task SendAsync(string queue, string body, TimeSpan delay, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        plan.StepAsync(process, "queue:send", queue, "", () => inner.SendAsync(queue, body, delay, timeToLive, cancellationToken));

    public Task<IReadOnlyList<QueueItem>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken cancellationToken) =>
        plan.StepAsync(process, "queue:receive", queue, "", () => inner.ReceiveAsync(queue, max, visibility, cancellationToken));

    public Task<bool> DeleteAsync(string queue, QueueItem item, CancellationToken cancellationToken) =>
        plan.StepAsync(process, "queue:delete", queue, "", () => inner.DeleteAsync(queue, item, cancellationToken));

    public Task<QueueItem?> HideAsync(string queue, QueueItem item, TimeSpan visibility, CancellationToken cancellationToken) =>
        plan.StepAsync(process, "queue:hide", queue, "", () => inner.HideAsync(queue, item, visibility, cancellationToken));

    public Task<int> CountAsync(string queue, CancellationToken cancellationToken) =>
        plan.StepAsync(process, "queue:count", queue, "", () => inner.CountAsync(queue, cancellationToken));

    /// <summary>Set-up isn't a step.</summary>
    public Task EnsureQueuesAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken) =>
        inner.EnsureQueuesAsync(queues, cancellationToken);
}
