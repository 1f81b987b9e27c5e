using Relay.Shared.Primitives;

namespace Relay.Shared.Conversations;

/// <summary>A row of a conversation, opened for the user whom it is about.</summary>
public sealed record ConversationRecord
{
    public required EnvelopeId Message { get; init; }

    /// <summary>Whether the user wrote the message.</summary>
    public required bool IsUsers { get; init; }

    /// <summary>The day whose key protects it: yyyyMMdd.</summary>
    public required string Day { get; init; }

    /// <summary>When it became durable, where that is known.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>How far a message of the business is, or was when the business was told so.</summary>
    public OutboundState? State { get; init; }

    /// <summary>A status that the business was or is to be told, rather than a message.</summary>
    public bool IsStatus { get; init; }

    /// <summary>What the business wanted to have echoed.</summary>
    public string? CallbackData { get; init; }

    /// <summary>JSON; null where it was erased after its delivery.</summary>
    public byte[]? Content { get; init; }

    /// <summary>Whether the content is a webhook's body; otherwise it is what was, or is to be, encrypted for the device.</summary>
    public bool IsWebhook { get; init; }

    public override string ToString() => "[redacted]";
}
