using System.Text.Json.Serialization;

namespace Relay.Shared.Messaging;

/// <summary>The Cloud API's text message object, as it goes to a device.</summary>
internal sealed class TextContent(TextContentBody text)
{
    [JsonPropertyName("type")]
    public string Type { get; } = "text";

    [JsonPropertyName("text")]
    public TextContentBody Text { get; } = text;
}

/// <summary>A class, not a record: it must not print.</summary>
internal sealed class TextContentBody(string body)
{
    [JsonPropertyName("body")]
    public string Body { get; } = body;

    [JsonPropertyName("preview_url")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool PreviewUrl { get; init; }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(TextContent))]
internal sealed partial class TextContentJson : JsonSerializerContext;
