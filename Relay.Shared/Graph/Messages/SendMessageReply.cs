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

    /// <param name="input"><c>to</c> as the client wrote it.</param>
    /// <param name="waId">The number it means, digits only.</param>
    /// <param name="messageId">The new message's id.</param>
    public static SendMessageResponse Accepted(string input, string waId, string messageId) => new()
    {
        Contacts = [new AcceptedContact(input, waId)],
        Messages = [new AcceptedMessage(messageId)],
    };

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(SendMessageResponse);
}

public sealed record AcceptedContact(
    [property: JsonPropertyName("input")] string Input,
    [property: JsonPropertyName("wa_id")] string WaId)
{
    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(AcceptedContact);
}

public sealed record AcceptedMessage([property: JsonPropertyName("id")] string Id);

/// <summary><c>{"success":true}</c>.</summary>
public sealed record SuccessResponse : SendMessageReply
{
    [JsonPropertyName("success")]
    public bool Success { get; init; } = true;
}
