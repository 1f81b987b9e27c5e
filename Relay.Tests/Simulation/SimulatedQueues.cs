using Relay.Shared.Storage;

namespace Relay.Tests.Simulation;

/// <summary>One process's way to queues that others use too: every call is a step of the schedule, and sends may overtake each other.</summary>
internal sealed class SimulatedQueues(IQueueStore inner, SimulatedProcess process, SimulatedSchedule schedule) : IQueueStore
{
    private const int MostSecondsLate = 4;

    public Task SendAsync(string queue, string body, TimeSpan delay, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        return CallAsync("queue:send", queue, DoAsync, cancellationToken);

        async Task<bool> DoAsync()
        {
            TimeSpan late = schedule.Random.Below(1000) < schedule.Rates.Twice ? TimeSpan.FromSeconds(1 + schedule.Random.Below(MostSecondsLate)) : TimeSpan.Zero;
            await inner.SendAsync(queue, body, delay + late, timeToLive, CancellationToken.None);
            return true;
        }
    }

    public Task<IReadOnlyList<QueueItem>> ReceiveAsync(string queue, int max, TimeSpan visibility, CancellationToken cancellationToken) =>
        CallAsync("queue:receive", queue, () => inner.ReceiveAsync(queue, max, visibility, CancellationToken.None), cancellationToken);

    public Task<bool> DeleteAsync(string queue, QueueItem item, CancellationToken cancellationToken) =>
        CallAsync("queue:delete", queue, () => inner.DeleteAsync(queue, item, CancellationToken.None), cancellationToken);

    public Task<QueueItem?> HideAsync(string queue, QueueItem item, TimeSpan visibility, CancellationToken cancellationToken) =>
        CallAsync("queue:hide", queue, () => inner.HideAsync(queue, item, visibility, CancellationToken.None), cancellationToken);

    public Task<int> CountAsync(string queue, CancellationToken cancellationToken) =>
        CallAsync("queue:count", queue, () => inner.CountAsync(queue, CancellationToken.None), cancellationToken);

    public Task EnsureQueuesAsync(IReadOnlyCollection<string> queues, CancellationToken cancellationToken) => inner.EnsureQueuesAsync(queues, cancellationToken);

    private Task<T> CallAsync<T>(string name, string queue, Func<Task<T>> act, CancellationToken cancellationToken) =>
        schedule.CallAsync(process, (name, queue, ""), act, act, fault => throw SimulatedTables.Fault(name, queue, fault), cancellationToken);
}
