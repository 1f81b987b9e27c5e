using Microsoft.Azure.Functions.Worker;
using Relay.Shared.Messaging;
using Relay.Shared.Storage;
using Relay.Shared.Webhooks;

namespace Relay.Functions.Delivery;

/// <summary>The relay's queues: encrypt and deliver, decrypt and forward, tell again.</summary>
public sealed class DeliveryFunctions(DeliverMessage deliverMessage, ReceiveMessage receiveMessage, RetryWebhook retryWebhook)
{
    [Function("DeliverMessage")]
    public Task DeliverAsync(
        [QueueTrigger(QueueNames.Outbound, Connection = nameof(RelayStorage))] string body, CancellationToken cancellationToken) =>
        deliverMessage.ExecuteAsync(body, cancellationToken);

    [Function("ReceiveMessage")]
    public Task ReceiveAsync(
        [QueueTrigger(QueueNames.Inbound, Connection = nameof(RelayStorage))] string body, CancellationToken cancellationToken) =>
        receiveMessage.ExecuteAsync(body, cancellationToken);

    [Function("RetryWebhook")]
    public Task RetryWebhookAsync(
        [QueueTrigger(QueueNames.Webhooks, Connection = nameof(RelayStorage))] string body, CancellationToken cancellationToken) =>
        retryWebhook.ExecuteAsync(body, cancellationToken);
}
