using System.Text.Json;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;

namespace Relay.Shared.Graph.Webhooks;

/// <summary>The business number that a webhook is about.</summary>
/// <param name="Account">The WhatsApp Business Account it belongs to.</param>
/// <param name="Number">Its id.</param>
/// <param name="DisplayNumber">The number itself.</param>
public sealed record WebhookSource(WabaId Account, PhoneNumberId Number, PhoneNumber DisplayNumber)
{
    internal WebhookMetadata ToMetadata() => new(DisplayNumber.Digits, Number.Value);
}

/// <summary>What a user's device sent.</summary>
public sealed record UserMessage
{
    public required PhoneNumber From { get; init; }

    /// <summary>The user's business-scoped id.</summary>
    public string? FromUserId { get; init; }

    public Sensitive<string>? ProfileName { get; init; }

    /// <summary>Given when the business checks identities.</summary>
    public IdentityKeyHash? IdentityKeyHash { get; init; }

    public required string MessageId { get; init; }

    /// <summary>In Unix seconds.</summary>
    public required long Timestamp { get; init; }

    /// <summary>The message object as the device made it, e.g. <c>{"type":"text","text":{"body":"hi"}}</c>.</summary>
    public required JsonElement Message { get; init; }

    /// <summary>The message that a reaction, edit or revocation is about.</summary>
    public string? Target { get; init; }

    /// <summary>The file in it, once it lies where the business can fetch it.</summary>
    public IncomingMedia? File { get; init; }

    /// <summary>Why there is no file though there should be one.</summary>
    public GraphError? FileError { get; init; }

    public QuotedMessage? Context { get; init; }

    public ForwardCount Forwarded { get; init; }

    /// <summary>The user's device has another identity key than before: its hash.</summary>
    public IdentityKeyHash? NewIdentity { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(UserMessage);
}

/// <summary>The message that a user's message answers.</summary>
public sealed record QuotedMessage(PhoneNumber Author, string MessageId);

/// <summary>How often a message was passed on, as far as the Cloud API tells.</summary>
public enum ForwardCount
{
    None = 0,
    Once = 1,
    Often = 2,
}

/// <summary>A step of a message of the business's.</summary>
public sealed record MessageStatusChange
{
    public required string MessageId { get; init; }

    public required MessageStatus Status { get; init; }

    /// <summary>In Unix seconds.</summary>
    public required long Timestamp { get; init; }

    public required PhoneNumber Recipient { get; init; }

    /// <summary>The user's business-scoped id.</summary>
    public string? RecipientUserId { get; init; }

    /// <summary>What the business wants to have repeated.</summary>
    public Sensitive<string>? CallbackData { get; init; }

    /// <summary>What it counts as; given where the Cloud API tells the price.</summary>
    public MessageCategory? Category { get; init; }

    /// <summary>Why it failed; empty unless it did.</summary>
    public IReadOnlyList<GraphError> Errors { get; init; } = [];
}

public enum MessageStatus
{
    Sent = 1,
    Delivered = 2,
    Read = 3,
    Failed = 4,
    Played = 5,
}
