using Relay.Shared.Graph;

namespace Relay.Shared.Messaging;

/// <summary>An outbound item under way.</summary>
public sealed class OutboundDelivery : ConversationDelivery
{
    /// <summary>What a stored message takes beside its content.</summary>
    private const int RowOverhead = 4 * 1024;

    internal OutboundDelivery(WorkItem item)
        : base(item)
    {
    }

    /// <summary>Set when it is opened; stays null for a reference to a stored message.</summary>
    internal OutboundBody? Body { get; set; }

    /// <summary>Why it can't be sent, found before it is encrypted.</summary>
    internal GraphError? Refusal { get; set; }

    /// <summary>Content and ciphertext, each in base64.</summary>
    internal override int CommitBytes => RowOverhead + ((Item.Body?.Length ?? 0) * 8 / 3);
}
