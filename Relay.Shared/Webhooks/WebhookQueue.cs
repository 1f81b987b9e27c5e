using Relay.Shared.Conversations;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Telemetry;

namespace Relay.Shared.Webhooks;

/// <summary>Puts references into queue <c>webhooks</c>: one for each row and subscriber, hidden until its next attempt is due.</summary>
public sealed class WebhookQueue(IQueueStore queues, RetryJitter jitter, TimeProvider time)
{
    /// <summary>For a first attempt that failed; says when the next one is due.</summary>
    internal async Task<DateTimeOffset> PutFailedAsync(
        ConversationKey key, string rowKey, SubscriberId subscriber, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        TimeSpan delay = RetrySchedule.AfterWebhookFailure(1, retryAfter, jitter);
        await SendAsync(Item(key, rowKey, subscriber, attempt: 1), delay, cancellationToken);
        RelayMetrics.Retries.Add(MeteredQueue.Webhooks);
        return time.GetUtcNow() + delay;
    }

    /// <summary>For a first attempt that wasn't made.</summary>
    internal Task PutUntriedAsync(ConversationKey key, string rowKey, SubscriberId subscriber, TimeSpan delay, CancellationToken cancellationToken) =>
        SendAsync(Item(key, rowKey, subscriber, attempt: 0), delay, cancellationToken);

    /// <summary>After a failure; says when the next attempt is due, or null when it has been tried for as long as anything is.</summary>
    internal async Task<DateTimeOffset?> TryAgainAsync(WebhookItem item, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(item.Since) >= RetrySchedule.WebhookLife)
        {
            return null;
        }

        WebhookItem next = item with { Attempt = item.Attempt + 1 };
        TimeSpan delay = RetrySchedule.AfterWebhookFailure(next.Attempt, retryAfter, jitter);
        await SendAsync(next, delay, cancellationToken);
        RelayMetrics.Retries.Add(MeteredQueue.Webhooks);
        return time.GetUtcNow() + delay;
    }

    /// <summary>The same attempt once more, because it was not made.</summary>
    internal Task PutBackAsync(WebhookItem item, TimeSpan delay, CancellationToken cancellationToken) => SendAsync(item, delay, cancellationToken);

    private WebhookItem Item(ConversationKey key, string rowKey, SubscriberId subscriber, int attempt) => new()
    {
        Business = key.Business.Value,
        Conversation = key.Conversation.Hex,
        Row = rowKey,
        Sub = subscriber.Value,
        Since = time.GetUtcNow().ToUnixTimeMilliseconds(),
        Attempt = attempt,
    };

    private Task SendAsync(WebhookItem item, TimeSpan delay, CancellationToken cancellationToken) =>
        queues.SendAsync(QueueNames.Webhooks, item.Encode(), delay, QueueItems.TimeToLive, cancellationToken);
}
