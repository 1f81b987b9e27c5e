using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.Media;

/// <summary>Answer to an upload.</summary>
public sealed record MediaIdReply([property: JsonPropertyName("id")] string Id);

/// <summary>Answer to <c>GET {media-id}</c>.</summary>
public sealed record MediaNode
{
    [JsonPropertyName("messaging_product")]
    public string MessagingProduct { get; init; } = "whatsapp";

    /// <summary>Good for five minutes.</summary>
    [JsonPropertyName("url")]
    public required string Url { get; init; }

    [JsonPropertyName("mime_type")]
    public required string MimeType { get; init; }

    /// <summary>In lower-case hex digits.</summary>
    [JsonPropertyName("sha256")]
    public required string Sha256 { get; init; }

    /// <summary>A number: clients refuse the text that the documentation shows.</summary>
    [JsonPropertyName("file_size")]
    public required long FileSize { get; init; }

    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>Not its address.</summary>
    public override string ToString() => nameof(MediaNode);
}
