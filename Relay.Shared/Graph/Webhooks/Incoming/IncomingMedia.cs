using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.Webhooks;

/// <summary>A user's file, as the business gets at it.</summary>
public sealed record IncomingMedia
{
    [JsonPropertyName("caption")]
    public string? Caption { get; init; }

    [JsonPropertyName("filename")]
    public string? FileName { get; init; }

    [JsonPropertyName("mime_type")]
    public required string MimeType { get; init; }

    /// <summary>Of the file, base64.</summary>
    [JsonPropertyName("sha256")]
    public required string Sha256 { get; init; }

    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>Valid for five minutes; later ones by the id.</summary>
    [JsonPropertyName("url")]
    public string? Url { get; init; }

    /// <summary>Of audio: a voice message.</summary>
    [JsonPropertyName("voice")]
    public bool? Voice { get; init; }

    /// <summary>Of stickers.</summary>
    [JsonPropertyName("animated")]
    public bool? Animated { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(IncomingMedia);
}
