using System.Text.Json.Serialization;

namespace Relay.Shared.Replay;

/// <summary>The body of <c>POST /relay/v1/phone_numbers/{phone-number-id}/replay</c>: one message, or a window of time.</summary>
public sealed record ReplayRequest
{
    internal const string Messages = "messages";
    internal const string Statuses = "statuses";

    /// <summary>A message's id.</summary>
    [JsonPropertyName("message_id")]
    public string? MessageId { get; init; }

    /// <summary>The earliest event, in Unix seconds.</summary>
    [JsonPropertyName("since")]
    public long? Since { get; init; }

    /// <summary>The latest event, in Unix seconds; now when absent.</summary>
    [JsonPropertyName("until")]
    public long? Until { get; init; }

    /// <summary><c>messages</c>, <c>statuses</c>; both when absent.</summary>
    [JsonPropertyName("events")]
    public IReadOnlyList<string?>? Events { get; init; }

    /// <summary>The one subscriber that is to be told.</summary>
    [JsonPropertyName("subscriber")]
    public string? Subscriber { get; init; }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 4, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ReplayRequest))]
[JsonSerializable(typeof(ReplayItem))]
public sealed partial class ReplayJson : JsonSerializerContext;
