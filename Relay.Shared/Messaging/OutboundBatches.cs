namespace Relay.Shared.Messaging;

/// <summary>The outbound items of each conversation that this process holds, taken together (<see cref="ConversationBatches{T}"/>).</summary>
public sealed class OutboundBatches(ConversationGate gate)
{
    private readonly ConversationBatches<OutboundDelivery> _batches = new(gate);

    internal Task JoinAsync(
        OutboundDelivery delivery, Func<IReadOnlyList<OutboundDelivery>, CancellationToken, Task> deliver, CancellationToken cancellationToken) =>
        _batches.JoinAsync(delivery, deliver, cancellationToken);
}
