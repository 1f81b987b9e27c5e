using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Telemetry;

namespace Relay.Shared.Messaging;

/// <summary>
/// Queues <c>outbound</c> and <c>inbound</c>: bodies sealed under the business's key of the day they were accepted, lives set explicitly.
/// </summary>
public sealed class WorkQueue(IQueueStore queues, Sealer sealer, IRetentionPeriods periods, TimeProvider time)
{
    /// <summary>
    /// How long a message is tried: the last try, at most four hours later, still finds the key of the day of its acceptance.
    /// </summary>
    public static readonly TimeSpan MessageLife = TimeSpan.FromDays(27);

    private static readonly TimeSpan Grace = TimeSpan.FromHours(6);
    private static readonly TimeSpan EndSlack = TimeSpan.FromSeconds(1);

    /// <summary>The one durable write that is the acceptance of a message (design.md §3).</summary>
    public async Task PutAsync(string queue, WorkItem item, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        byte[] blob = await sealer.SealAsync(item.Business, UtcDay.Today(time), item.Place(queue), body, cancellationToken);
        await queues.SendAsync(queue, (item with { Body = blob }).Encode(), TimeSpan.Zero, await LifeAsync(queue, item, cancellationToken), cancellationToken);
    }

    /// <summary>Puts what was taken from a queue there again under another name, sealed as it was: its day stays what it is.</summary>
    internal async Task PutAgainAsync(string queue, WorkItem item, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        UtcDay day = SealedBlob.TryReadDay(item.Body, out UtcDay? of) && of is { } known ? known : UtcDay.Today(time);
        byte[] blob = await sealer.SealAsync(item.Business, day, item.Place(queue), body, cancellationToken);
        await queues.SendAsync(queue, (item with { Body = blob }).Encode(), TimeSpan.Zero, await LifeAsync(queue, item, cancellationToken), cancellationToken);
    }

    /// <summary>Puts a reference to a row that is in storage.</summary>
    public Task PutReferenceAsync(string queue, WorkItem item, CancellationToken cancellationToken) =>
        queues.SendAsync(queue, (item with { Body = null }).Encode(), TimeSpan.Zero, QueueItems.TimeToLive, cancellationToken);

    /// <summary>Puts back what was parked, sealed as it was.</summary>
    internal async Task PutBackAsync(string queue, WorkItem item, CancellationToken cancellationToken) =>
        await queues.SendAsync(queue, item.Encode(), TimeSpan.Zero, await LifeAsync(queue, item, cancellationToken), cancellationToken);

    /// <summary>The body, or null when the key of its day was destroyed.</summary>
    public ValueTask<byte[]?> OpenAsync(string queue, WorkItem item, CancellationToken cancellationToken) =>
        sealer.OpenAsync(item.Business, item.Place(queue), item.Body, cancellationToken);

    /// <summary>Measures how long an item that was taken up has waited.</summary>
    internal void NoteTaken(MeteredQueue queue, WorkItem item) => RelayMetrics.QueueAge.Record(queue, Age(item));

    /// <summary>Measures how long messages have waited that are committed and can't leave.</summary>
    internal void NoteUnsent(IEnumerable<WorkItem> items)
    {
        foreach (WorkItem item in items)
        {
            RelayMetrics.Unsent.Record(Age(item));
        }
    }

    /// <summary>Puts an item back after a dependency failed it; the handler then completes the old one, so no dequeue count is eaten.</summary>
    public async Task RetryAsync(string queue, WorkItem item, CancellationToken cancellationToken)
    {
        WorkItem next = item with { Attempt = item.Attempt + 1 };
        TimeSpan delay = RetrySchedule.AfterDependencyFailure(next.Attempt);
        if (await periods.FindAsync(item.Key.Business, item.Number, cancellationToken) is { } period
            && period + EndSlack - Age(item) is { Ticks: > 0 } left && left < delay)
        {
            // Its end must be told while its row is still there.
            delay = left;
        }

        await queues.SendAsync(queue, next.Encode(), delay, await LifeAsync(queue, item, cancellationToken), cancellationToken);
        RelayMetrics.Retries.Add(MeteredQueues.Of(queue));
    }

    /// <summary>Puts several items back, in their order.</summary>
    internal async Task RetryAsync(string queue, IEnumerable<WorkItem> items, CancellationToken cancellationToken)
    {
        foreach (WorkItem item in items)
        {
            await RetryAsync(queue, item, cancellationToken);
        }
    }

    /// <summary>Whether an item is older than anything of its number may be.</summary>
    public bool IsExpired(WorkItem item, BusinessNumber number) => Age(item) > (number.RetentionPeriod ?? Retention.MaxAge);

    /// <summary>Whether an outbound item has been tried for long enough.</summary>
    public bool IsOverdue(WorkItem item, BusinessNumber number) => Age(item) > (number.RetentionPeriod ?? MessageLife);

    /// <summary>An outbound item stays until its end can be told; an inbound one that nobody takes up goes soon after its number's retention.</summary>
    private async ValueTask<TimeSpan> LifeAsync(string queue, WorkItem item, CancellationToken cancellationToken) =>
        queue != QueueNames.Outbound && await periods.FindAsync(item.Key.Business, item.Number, cancellationToken) is { } period && period + Grace < QueueItems.TimeToLive
            ? period + Grace
            : QueueItems.TimeToLive;

    private TimeSpan Age(WorkItem item) => time.GetUtcNow() - item.Accepted;
}
