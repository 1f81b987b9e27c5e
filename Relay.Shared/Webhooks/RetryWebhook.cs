using Microsoft.Extensions.Logging;
using Relay.Shared.Conversations;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Webhooks;

/// <summary>
/// Queue <c>webhooks</c>: tries a pending row again; a failing endpoint gets the next delay of the schedule, for seven days. The row
/// decides: told means done, so a repeat tells nothing twice that was marked.
/// </summary>
public sealed partial class RetryWebhook(
    DispatchWebhook dispatch, ConversationStore conversations, IQueueStore queues, RetryJitter jitter, TimeProvider time, ILogger<RetryWebhook> logger)
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(15);

    public async Task ExecuteAsync(string message, CancellationToken cancellationToken)
    {
        WebhookItem item = WebhookItem.Parse(message);
        DispatchResult result;
        try
        {
            if (await conversations.FindWebhookAsync(item.Key, item.Row, cancellationToken) is not { IsPending: true, Payload: { } payload })
            {
                return;
            }

            result = await dispatch.ExecuteAsync(item.Key, item.Row, payload, Budget, cancellationToken);
            if (result.Outcome == DispatchOutcome.Delivered)
            {
                await conversations.MarkToldAsync(item.Key, [item.Row], cancellationToken);
                return;
            }
        }
        catch (Exception e) when (DependencyFaults.IsAway(e))
        {
            // Storage is away, not the endpoint: the same attempt again.
            await PutBackAsync(item, RetrySchedule.AfterDependencyFailure(1), cancellationToken);
            return;
        }

        WebhookItem next = item with { Attempt = item.Attempt + 1 };
        if (time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(item.Since) < RetrySchedule.WebhookLife)
        {
            await PutBackAsync(next, RetrySchedule.AfterWebhookFailure(next.Attempt, result.RetryAfter, jitter), cancellationToken);
        }
        else
        {
            Log.GivenUp(logger, item.Key.Business);
        }
    }

    private Task PutBackAsync(WebhookItem item, TimeSpan delay, CancellationToken cancellationToken) =>
        queues.SendAsync(QueueNames.Webhooks, item.Encode(), delay, QueueItems.TimeToLive, cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(222, LogLevel.Error, "A webhook of business {Business} was tried for seven days and is given up; its payload stays until its day ends.")]
        internal static partial void GivenUp(ILogger logger, BusinessId business);
    }
}
