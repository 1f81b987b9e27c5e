using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.Messages;

/// <summary>
/// The body of <c>POST /{version}/{phone-number-id}/messages</c> as it arrives: every member optional, nothing checked
/// (<see cref="SendMessageValidator"/> does). Two variants share it: a message, and <c>"status":"read"</c> with a message's id.
/// </summary>
public sealed record SendMessageRequest
{
    /// <summary><c>whatsapp</c>.</summary>
    [JsonPropertyName("messaging_product")]
    public string? MessagingProduct { get; init; }

    /// <summary><c>individual</c>, which is also what its absence means.</summary>
    [JsonPropertyName("recipient_type")]
    public string? RecipientType { get; init; }

    /// <summary>The user's number in international form, with or without plus.</summary>
    [JsonPropertyName("to")]
    public string? To { get; init; }

    /// <summary>The user's business-scoped id; <c>to</c> wins if both are there.</summary>
    [JsonPropertyName("recipient")]
    public string? Recipient { get; init; }

    /// <summary><c>text</c>, which is also what its absence means.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("text")]
    public TextMessage? Text { get; init; }

    [JsonPropertyName("image")]
    public MediaMessage? Image { get; init; }

    [JsonPropertyName("video")]
    public MediaMessage? Video { get; init; }

    [JsonPropertyName("audio")]
    public MediaMessage? Audio { get; init; }

    [JsonPropertyName("document")]
    public MediaMessage? Document { get; init; }

    [JsonPropertyName("sticker")]
    public MediaMessage? Sticker { get; init; }

    [JsonPropertyName("location")]
    public LocationMessage? Location { get; init; }

    [JsonPropertyName("contacts")]
    public IReadOnlyList<ContactCard>? Contacts { get; init; }

    [JsonPropertyName("reaction")]
    public ReactionMessage? Reaction { get; init; }

    [JsonPropertyName("interactive")]
    public InteractiveMessage? Interactive { get; init; }

    [JsonPropertyName("template")]
    public TemplateMessage? Template { get; init; }

    /// <summary>The message this one answers.</summary>
    [JsonPropertyName("context")]
    public MessageContext? Context { get; init; }

    /// <summary>Repeated in the status webhooks of this message; at most <see cref="MessageLimits.CallbackData"/> characters.</summary>
    [JsonPropertyName("biz_opaque_callback_data")]
    public string? CallbackData { get; init; }

    /// <summary>Deliver only if the user's identity key is the one with this hash.</summary>
    [JsonPropertyName("recipient_identity_key_hash")]
    public string? RecipientIdentityKeyHash { get; init; }

    /// <summary><c>read</c>: this is no message but marks <see cref="MessageId"/> as read.</summary>
    [JsonPropertyName("status")]
    public string? Status { get; init; }

    [JsonPropertyName("message_id")]
    public string? MessageId { get; init; }

    /// <summary>With <c>"status":"read"</c>: the user sees that an answer is being written.</summary>
    [JsonPropertyName("typing_indicator")]
    public TypingIndicator? TypingIndicator { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(SendMessageRequest);
}

public sealed record MessageContext([property: JsonPropertyName("message_id")] string? MessageId = null);

/// <param name="Type"><c>text</c>.</param>
public sealed record TypingIndicator([property: JsonPropertyName("type")] string? Type = null);
