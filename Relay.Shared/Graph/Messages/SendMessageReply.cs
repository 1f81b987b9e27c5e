using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.Messages;

/// <summary>What a <c>POST …/messages</c> is answered with: a <see cref="SendMessageResponse"/>, or a <see cref="SuccessResponse"/> for a read receipt.</summary>
[JsonDerivedType(typeof(SendMessageResponse))]
[JsonDerivedType(typeof(SuccessResponse))]
public abstract record SendMessageReply
{
    private protected SendMessageReply()
    {
    }
}

/// <summary>The message was accepted: stored and sure to be tried, no more than that.</summary>
public sealed record SendMessageResponse : SendMessageReply
{
    [JsonPropertyName("messaging_product")]
    [JsonPropertyOrder(-1)]
    public string MessagingProduct { get; init; } = GraphErrorData.Product;

    [JsonPropertyName("contacts")]
    public required IReadOnlyList<AcceptedContact> Contacts { get; init; }

    [JsonPropertyName("messages")]
    public required IReadOnlyList<AcceptedMessage> Messages { get; init; }

    /// <param name="contact">Who gets it.</param>
    /// <param name="messageId">The new message's id.</param>
    /// <param name="status">Given for templates.</param>
    public static SendMessageResponse Accepted(AcceptedContact contact, string messageId, string? status = null) => new()
    {
        Contacts = [contact],
        Messages = [new AcceptedMessage(messageId) { Status = status }],
    };

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(SendMessageResponse);
}

/// <param name="Input"><c>to</c> or <c>recipient</c> as the client wrote it.</param>
public sealed record AcceptedContact([property: JsonPropertyName("input")] string Input)
{
    /// <summary>The number it means, digits only; absent for a business-scoped user id.</summary>
    [JsonPropertyName("wa_id")]
    public string? WaId { get; init; }

    /// <summary>The business-scoped user id, when that was given.</summary>
    [JsonPropertyName("user_id")]
    public string? UserId { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(AcceptedContact);
}

public sealed record AcceptedMessage([property: JsonPropertyName("id")] string Id)
{
    public const string StatusAccepted = "accepted";

    /// <summary>Of templates: <see cref="StatusAccepted"/>.</summary>
    [JsonPropertyName("message_status")]
    public string? Status { get; init; }
}

/// <summary><c>{"success":true}</c>.</summary>
public sealed record SuccessResponse : SendMessageReply
{
    [JsonPropertyName("success")]
    public bool Success { get; init; } = true;
}
