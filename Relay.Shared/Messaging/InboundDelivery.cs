namespace Relay.Shared.Messaging;

/// <summary>An inbound item under way.</summary>
public sealed class InboundDelivery : ConversationDelivery
{
    /// <summary>What the rows of an envelope take beside its content.</summary>
    private const int RowOverhead = 4 * 1024;

    private InboundBody? _body;

    internal InboundDelivery(WorkItem item)
        : base(item)
    {
    }

    /// <summary>Set when it is opened.</summary>
    internal InboundBody Body
    {
        get => _body ?? throw new InvalidOperationException("The item was not opened.");
        set => _body = value;
    }

    /// <summary>The webhook's body, each byte of content written as <c>\uxxxx</c> at worst, in base64.</summary>
    internal override int CommitBytes => RowOverhead + ((Item.Body?.Length ?? 0) * 8);
}
