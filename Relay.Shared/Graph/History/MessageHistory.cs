using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.History;

/// <summary>The answer of <c>GET /{version}/{phone-number-id}/message_history</c>.</summary>
public sealed record MessageHistoryResponse(
    [property: JsonPropertyName("data")] IReadOnlyList<MessageHistoryEntry> Data,
    [property: JsonPropertyName("paging")] GraphPaging? Paging);

/// <summary>One message.</summary>
public sealed record MessageHistoryEntry
{
    /// <summary>Digits; leads to its events.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    [JsonPropertyName("message_id")]
    public string? MessageId { get; init; }

    [JsonPropertyName("events")]
    public MessageEvents? Events { get; init; }
}

public sealed record MessageEvents(
    [property: JsonPropertyName("data")] IReadOnlyList<MessageEvent> Data,
    [property: JsonPropertyName("paging")] GraphPaging? Paging);

/// <summary>One status, and what became of telling it to one subscriber.</summary>
public sealed record MessageEvent
{
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>SENT, DELIVERED, READ, PLAYED or FAILED.</summary>
    [JsonPropertyName("delivery_status")]
    public string? DeliveryStatus { get; init; }

    /// <summary>PENDING, RETRYING, DELIVERED or FAILED.</summary>
    [JsonPropertyName("webhook_update_state")]
    public string? WebhookUpdateState { get; init; }

    /// <summary>In Unix seconds.</summary>
    [JsonPropertyName("timestamp")]
    public long? Timestamp { get; init; }

    [JsonPropertyName("application")]
    public ApplicationNode? Application { get; init; }

    [JsonPropertyName("webhook_uri")]
    public string? WebhookUri { get; init; }

    [JsonPropertyName("error_description")]
    public string? ErrorDescription { get; init; }
}

public sealed record ApplicationNode([property: JsonPropertyName("id")] string Id);
