using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.Messages;

/// <summary>A place. Degrees may come as numbers or as text.</summary>
public sealed record LocationMessage
{
    /// <summary>-90 to 90.</summary>
    [JsonPropertyName("latitude")]
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public double? Latitude { get; init; }

    /// <summary>-180 to 180.</summary>
    [JsonPropertyName("longitude")]
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public double? Longitude { get; init; }

    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("address")]
    public string? Address { get; init; }

    /// <summary>Only from users.</summary>
    [JsonPropertyName("url")]
    public string? Url { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(LocationMessage);
}
