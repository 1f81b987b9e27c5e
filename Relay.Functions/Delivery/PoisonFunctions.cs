using Microsoft.Azure.Functions.Worker;
using Relay.Shared.Maintenance;
using Relay.Shared.Storage;

namespace Relay.Functions.Delivery;

/// <summary>What kept failing: nothing that was acknowledged ends in silence.</summary>
public sealed class PoisonFunctions(HandlePoison handlePoison)
{
    [Function("DeliverMessagePoison")]
    public Task OutboundAsync(
        [QueueTrigger(QueueNames.OutboundPoison, Connection = nameof(RelayStorage))] string body, CancellationToken cancellationToken) =>
        handlePoison.OutboundAsync(body, cancellationToken);

    [Function("ReceiveMessagePoison")]
    public Task InboundAsync(
        [QueueTrigger(QueueNames.InboundPoison, Connection = nameof(RelayStorage))] string body, CancellationToken cancellationToken) =>
        handlePoison.InboundAsync(body, cancellationToken);

    [Function("RetryWebhookPoison")]
    public Task WebhooksAsync(
        [QueueTrigger(QueueNames.WebhooksPoison, Connection = nameof(RelayStorage))] string body, CancellationToken cancellationToken) =>
        handlePoison.WebhooksAsync(body, cancellationToken);
}
