using Relay.Shared.Storage;

namespace Relay.Tests.Support;

/// <summary>Queues whose every call is a step of a <see cref="FaultPlan"/>.</summary>
public sealed class FaultyQueueStore(IQueueStore inner, FaultPlan plan, string process) : IQueueStore
{
    public Task SendAsync(string queue, string body, TimeSpan delay, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        plan.StepAsync(process, "queue:send", queue, "", () => inner.SendAsync(queue, body, delay, timeToLive, cancellationToken));

    /// <summary>Finding nothing changes nothing and is no step.</summary>
    public async Task<IReadOnlyList<QueueItem>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken cancellationToken)
    {
        plan.ThrowIfDead(process, "queue:receive", queue);
        IReadOnlyList<QueueItem> items = await inner.ReceiveAsync(queue, max, visibility, cancellationToken);
        if (items.Count == 0)
        {
            return items;
        }

        bool isDone = false;
        try
        {
            return await plan.StepAsync(
                process,
                "queue:receive",
                queue,
                "",
                () =>
                {
                    isDone = true;
                    return Task.FromResult(items);
                },
                () => inner.ReceiveAsync(queue, max, visibility, CancellationToken.None));
        }
        finally
        {
            foreach (QueueItem item in isDone ? [] : items)
            {
                await inner.HideAsync(queue, item, TimeSpan.Zero, CancellationToken.None);
            }
        }
    }

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
