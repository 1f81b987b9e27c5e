using Relay.Shared.Conversations;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Webhooks;

/// <summary>Puts references into queue <c>webhooks</c>: one for each row and subscriber, hidden until its next attempt is due.</summary>
public sealed class WebhookQueue(IQueueStore queues, RetryJitter jitter, TimeProvider time)
{
    /// <summary>After a first attempt that failed, or (with no <paramref name="failures"/>) for one that is due now.</summary>
    internal Task PutAsync(ConversationKey key, string rowKey, SubscriberId subscriber, int failures, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        WebhookItem item = new()
        {
            Business = key.Business.Value,
            Conversation = key.Conversation.Hex,
            Row = rowKey,
            Sub = subscriber.Value,
            Since = time.GetUtcNow().ToUnixTimeMilliseconds(),
            Attempt = failures,
        };
        TimeSpan delay = failures == 0 ? TimeSpan.Zero : RetrySchedule.AfterWebhookFailure(failures, retryAfter, jitter);
        return SendAsync(item, delay, cancellationToken);
    }

    /// <summary>After a failure; false when it has been tried for as long as anything is.</summary>
    internal async Task<bool> TryAgainAsync(WebhookItem item, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(item.Since) >= RetrySchedule.WebhookLife)
        {
            return false;
        }

        WebhookItem next = item with { Attempt = item.Attempt + 1 };
        await SendAsync(next, RetrySchedule.AfterWebhookFailure(next.Attempt, retryAfter, jitter), cancellationToken);
        return true;
    }

    /// <summary>The same attempt once more, because it was not made.</summary>
    internal Task PutBackAsync(WebhookItem item, TimeSpan delay, CancellationToken cancellationToken) => SendAsync(item, delay, cancellationToken);

    private Task SendAsync(WebhookItem item, TimeSpan delay, CancellationToken cancellationToken) =>
        queues.SendAsync(QueueNames.Webhooks, item.Encode(), delay, QueueItems.TimeToLive, cancellationToken);
}
