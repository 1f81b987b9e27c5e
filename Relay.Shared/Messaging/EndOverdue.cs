using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Graph;

namespace Relay.Shared.Messaging;

/// <summary>
/// Ends a message that the transport would not take for the whole of its life: told as failed while the keys that it lies under still
/// exist. Of a message that has left, only what a retry still wanted ends.
/// </summary>
public sealed class EndOverdue(ConversationStore conversations, FailMessage failMessage, HandOver handOver)
{
    internal async Task ExecuteAsync(OutboundDelivery delivery, BusinessNumber number, CancellationToken cancellationToken)
    {
        WorkItem item = delivery.Item;
        OutboundMessage? row = await conversations.FindOutboundAsync(item.Key, item.Envelope, cancellationToken) ?? FromBody(delivery);
        switch (row)
        {
            case { State: OutboundState.Committed }:
                await failMessage.ExecuteAsync(item, number, row, Overdue, cancellationToken);
                break;
            case { State: OutboundState.Sent, Retry: not RetryStep.None }:
                await failMessage.EndAsync(item, number, row, Overdue, cancellationToken);
                break;
            case not null:
                await handOver.TryFinishAsync(item, row, cancellationToken);
                break;
        }
    }

    private static GraphError Overdue => GraphErrorCode.Undeliverable.Because(
        $"The message could not be handed over within {WorkQueue.MessageLife.Days} days, or within the number's own retention.");

    private static OutboundMessage? FromBody(OutboundDelivery delivery) => delivery.Body is { To: { } to } body && !delivery.Item.IsRetryReceipt
        ? new OutboundMessage
        {
            Id = delivery.Item.Envelope,
            State = OutboundState.Committed,
            TellsStatus = true,
            To = to,
            CallbackData = body.CallbackData,
        }
        : null;
}
