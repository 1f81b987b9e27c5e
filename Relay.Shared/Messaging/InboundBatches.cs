namespace Relay.Shared.Messaging;

/// <summary>The inbound items of each conversation that this process holds, taken together (<see cref="ConversationBatches{T}"/>).</summary>
public sealed class InboundBatches(ConversationGate gate)
{
    private readonly ConversationBatches<InboundDelivery> _batches = new(gate);

    internal Task JoinAsync(
        InboundDelivery delivery, Func<IReadOnlyList<InboundDelivery>, CancellationToken, Task> receive, CancellationToken cancellationToken) =>
        _batches.JoinAsync(delivery, receive, cancellationToken);
}
