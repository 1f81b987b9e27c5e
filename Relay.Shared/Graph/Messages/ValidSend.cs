using System.Text.Json;
using Relay.Shared.Primitives;

namespace Relay.Shared.Graph.Messages;

/// <summary>A request that follows the rules: an <see cref="OutgoingMessage"/> or a <see cref="ReadReceiptRequest"/>. Only <see cref="SendMessageValidator"/> makes one.</summary>
public abstract record ValidSend
{
    private protected ValidSend()
    {
    }
}

/// <summary>A message to a user.</summary>
public sealed record OutgoingMessage : ValidSend
{
    internal OutgoingMessage()
    {
    }

    /// <summary>Null when only <see cref="UserId"/> says who gets it.</summary>
    public PhoneNumber? To { get; init; }

    /// <summary>The recipient's business-scoped user id, not yet read; null beside <see cref="To"/>.</summary>
    public string? UserId { get; init; }

    /// <summary><c>to</c> or <c>recipient</c> as the client wrote it; the answer repeats it.</summary>
    public required Sensitive<string> ToInput { get; init; }

    /// <summary>One of <see cref="MessageType.Outgoing"/>.</summary>
    public required string Type { get; init; }

    /// <summary>The Cloud API's message object with the members that Relay knows; null for a reaction, which points at its message by id, and for a template, which is still to be filled.</summary>
    public Sensitive<JsonElement>? Message { get; init; }

    public ReactionMessage? Reaction { get; init; }

    public TemplateMessage? Template { get; init; }

    /// <summary>The file in it; of a template only once it is filled.</summary>
    public MessageFile? File { get; init; }

    /// <summary>The message it answers; any text of 1 to <see cref="MessageLimits.MessageId"/> characters.</summary>
    public string? ContextMessageId { get; init; }

    /// <summary>At most <see cref="MessageLimits.CallbackData"/> characters.</summary>
    public Sensitive<string>? CallbackData { get; init; }

    /// <summary>Deliver only to a device whose identity key has this hash.</summary>
    public IdentityKeyHash? RecipientIdentity { get; init; }
}

/// <summary>Marks a user's message as read, perhaps showing that an answer is being written.</summary>
public sealed record ReadReceiptRequest : ValidSend
{
    internal ReadReceiptRequest()
    {
    }

    /// <summary>Any text of 1 to <see cref="MessageLimits.MessageId"/> characters.</summary>
    public required string MessageId { get; init; }

    public required bool Typing { get; init; }
}
