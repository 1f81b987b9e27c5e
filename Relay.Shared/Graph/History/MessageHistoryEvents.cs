using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.History;

/// <summary>The answer of <c>GET /{version}/{message-history-id}/events</c>.</summary>
public sealed record MessageHistoryEventsResponse(
    [property: JsonPropertyName("data")] IReadOnlyList<MessageHistoryEventsEdge> Data,
    [property: JsonPropertyName("paging")] GraphPaging? Paging);

public sealed record MessageHistoryEventsEdge
{
    [JsonPropertyName("cursor")]
    public string? Cursor { get; init; }

    [JsonPropertyName("node")]
    public DeliveryStatusOccurrence? Node { get; init; }
}

/// <summary>One status, as it came about.</summary>
public sealed record DeliveryStatusOccurrence
{
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>SENT, DELIVERED, READ, PLAYED or FAILED.</summary>
    [JsonPropertyName("delivery_status")]
    public string? DeliveryStatus { get; init; }

    [JsonPropertyName("error_description")]
    public string? ErrorDescription { get; init; }

    /// <summary>In Unix seconds.</summary>
    [JsonPropertyName("occurrence_timestamp")]
    public long? OccurrenceTimestamp { get; init; }

    /// <summary>In Unix seconds.</summary>
    [JsonPropertyName("status_timestamp")]
    public long? StatusTimestamp { get; init; }

    [JsonPropertyName("application")]
    public ApplicationNode? Application { get; init; }
}
