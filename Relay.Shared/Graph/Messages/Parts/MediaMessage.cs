using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.Messages;

/// <summary>An image, video, audio, document or sticker: one of <see cref="Id"/> and <see cref="Link"/>.</summary>
public sealed record MediaMessage
{
    /// <summary>Of an uploaded file.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>http or https; fetched once and kept for 10 minutes.</summary>
    [JsonPropertyName("link")]
    public string? Link { get; init; }

    /// <summary>Of images, videos and documents; at most <see cref="MessageLimits.Caption"/> code points.</summary>
    [JsonPropertyName("caption")]
    public string? Caption { get; init; }

    /// <summary>Of documents; at most <see cref="MessageLimits.FileName"/> characters.</summary>
    [JsonPropertyName("filename")]
    public string? FileName { get; init; }

    /// <summary>Of audio: shown as a voice message.</summary>
    [JsonPropertyName("voice")]
    public bool? Voice { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(MediaMessage);
}
