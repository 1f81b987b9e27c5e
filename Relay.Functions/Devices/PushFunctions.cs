using Microsoft.Azure.Functions.Worker;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Pushes;

namespace Relay.Functions.Devices;

/// <summary>Brings envelopes for business numbers to the relay.</summary>
public sealed class PushFunctions(PushEnvelope pushEnvelope, DropPoisonedPush dropPoisonedPush)
{
    [Function("TransportPushEnvelope")]
    public Task PushAsync(
        [QueueTrigger(QueueNames.Push, Connection = nameof(TransportStorage))] string body, CancellationToken cancellationToken) =>
        pushEnvelope.ExecuteAsync(body, cancellationToken);

    [Function("TransportPushPoison")]
    public Task PoisonAsync(
        [QueueTrigger(QueueNames.PushPoison, Connection = nameof(TransportStorage))] string body, CancellationToken cancellationToken) =>
        dropPoisonedPush.ExecuteAsync(body, cancellationToken);
}
