using Relay.Shared.Primitives;

namespace Relay.Shared.Graph.Messages;

/// <summary>A request that follows the rules: an <see cref="OutgoingText"/> or a <see cref="ReadReceiptRequest"/>. Only <see cref="SendMessageValidator"/> makes one.</summary>
public abstract record ValidSend
{
    private protected ValidSend()
    {
    }
}

/// <summary>A text to a user.</summary>
public sealed record OutgoingText : ValidSend
{
    internal OutgoingText()
    {
    }

    public required PhoneNumber To { get; init; }

    /// <summary><c>to</c> as the client wrote it; the answer repeats it.</summary>
    public required Sensitive<string> ToInput { get; init; }

    /// <summary>1 to <see cref="MessageLimits.TextBody"/> code points.</summary>
    public required Sensitive<string> Body { get; init; }

    public required bool PreviewUrl { get; init; }

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
