using Relay.Shared.Conversations;
using Relay.Shared.Messaging;
using Relay.Shared.Storage;

namespace Relay.Shared.Webhooks;

/// <summary>
/// Tells the business what is durable and pending: a first attempt at once, within a budget; what fails goes to queue
/// <c>webhooks</c> as a reference, so that a slow endpoint delays nobody else. Never throws for an endpoint's failure.
/// </summary>
public sealed class TellBusiness(
    DispatchWebhook dispatch, ConversationStore conversations, IQueueStore queues, RetryJitter jitter, TimeProvider time)
{
    /// <summary>What the first attempt may take, so that it never holds up the queue.</summary>
    public static readonly TimeSpan InlineBudget = TimeSpan.FromSeconds(3);

    /// <summary>Tells one row and marks it as told.</summary>
    public async Task ExecuteAsync(ConversationKey key, string rowKey, byte[] payload, CancellationToken cancellationToken)
    {
        if (await TryTellAsync(key, rowKey, payload, cancellationToken))
        {
            await conversations.MarkToldAsync(key, [rowKey], cancellationToken);
        }
    }

    /// <summary>Tells one row if it is still pending: for work that is done a second time.</summary>
    public async Task ResumeAsync(ConversationKey key, string rowKey, CancellationToken cancellationToken)
    {
        if (await conversations.FindWebhookAsync(key, rowKey, cancellationToken) is not { IsPending: true } row)
        {
            return;
        }

        if (row.IsQueued)
        {
            // Queue webhooks tells it: another reference would only multiply.
            return;
        }

        if (row.Payload is { } payload)
        {
            await ExecuteAsync(key, rowKey, payload, cancellationToken);
            return;
        }

        foreach (string other in row.Tell)
        {
            await ResumeAsync(key, other, cancellationToken);
        }

        await conversations.MarkToldAsync(key, [rowKey], cancellationToken);
    }

    /// <summary>Tells the statuses that one receipt brought, in order, then marks them and the receipt's own row in one write.</summary>
    internal Task ExecuteAsync(ConversationKey key, string receiptRow, IReadOnlyList<StatusRow> statuses, CancellationToken cancellationToken) =>
        ExecuteAsync(key, [receiptRow], statuses, cancellationToken);

    /// <summary>Tells several rows in order, then marks them, and the rows of the receipts that brought them, in one write.</summary>
    internal async Task ExecuteAsync(
        ConversationKey key, IReadOnlyList<string> receiptRows, IReadOnlyList<StatusRow> statuses, CancellationToken cancellationToken)
    {
        List<string> told = [.. receiptRows];
        foreach (StatusRow status in statuses)
        {
            if (await TryTellAsync(key, status.RowKey, status.Payload, cancellationToken))
            {
                told.Add(status.RowKey);
            }
        }

        if (told.Count > 0)
        {
            await conversations.MarkToldAsync(key, told, cancellationToken);
        }
    }

    /// <summary>False when the endpoint failed: then the row stays pending and its reference is queued.</summary>
    private async Task<bool> TryTellAsync(ConversationKey key, string rowKey, byte[] payload, CancellationToken cancellationToken)
    {
        DispatchResult result = await dispatch.ExecuteAsync(key, rowKey, payload, InlineBudget, cancellationToken);
        if (result.Outcome == DispatchOutcome.Delivered)
        {
            return true;
        }

        WebhookItem item = new()
        {
            Business = key.Business.Value,
            Conversation = key.Conversation.Hex,
            Row = rowKey,
            Since = time.GetUtcNow().ToUnixTimeMilliseconds(),
            Attempt = 1,
        };
        await queues.SendAsync(
            QueueNames.Webhooks, item.Encode(), RetrySchedule.AfterWebhookFailure(1, result.RetryAfter, jitter), QueueItems.TimeToLive, cancellationToken);
        await conversations.MarkQueuedAsync(key, rowKey, cancellationToken);
        return false;
    }
}
