using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Shared.Content;
using Relay.Shared.Primitives;

namespace Relay.Shared.Messaging;

/// <summary>A reaction inside device content: it points at its message as <see cref="ContentContext"/> does, since devices know no message ids of the Cloud API.</summary>
internal sealed partial class ReactionContent
{
    private static readonly ReactionContentJson Json = new(new JsonSerializerOptions { Encoder = CompactJsonEncoder.Instance });

    [JsonPropertyName("type")]
    public string Type { get; } = "reaction";

    [JsonPropertyName("reaction")]
    public required ReactionTarget Reaction { get; init; }

    internal JsonElement ToJson() => JsonSerializer.SerializeToElement(this, Json.ReactionContent);

    [JsonSerializable(typeof(ReactionContent))]
    internal sealed partial class ReactionContentJson : JsonSerializerContext;
}

/// <summary>A class, not a record: it must not print.</summary>
internal sealed class ReactionTarget(string id, string author, string emoji)
{
    [JsonPropertyName("id")]
    public string Id { get; } = id;

    [JsonPropertyName("author")]
    public string Author { get; } = author;

    [JsonPropertyName("emoji")]
    public string Emoji { get; } = emoji;
}
