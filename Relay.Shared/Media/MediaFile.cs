using System.Text.Json.Serialization;
using Relay.Shared.Content;

namespace Relay.Shared.Media;

/// <summary>What is known of a file; sealed in its row.</summary>
internal sealed record MediaFile
{
    [JsonPropertyName("type")]
    public required string MimeType { get; init; }

    /// <summary>In lower-case hex digits.</summary>
    [JsonPropertyName("sha256")]
    public required string Sha256 { get; init; }

    [JsonPropertyName("size")]
    public required long Size { get; init; }

    /// <summary>The business number that it was uploaded for or sent to.</summary>
    [JsonPropertyName("number")]
    public required string Number { get; init; }

    /// <summary>As its sender calls it.</summary>
    [JsonPropertyName("name")]
    public string? FileName { get; init; }

    public override string ToString() => "[redacted]";
}

/// <summary>A file as it waits for devices at the transport; sealed in the file's row, or in that of the link it was fetched from.</summary>
internal sealed record DeviceFile
{
    [JsonPropertyName("attachment")]
    public required AttachmentPointer Attachment { get; init; }

    [JsonPropertyName("type")]
    public required string MimeType { get; init; }

    /// <summary>In base64.</summary>
    [JsonPropertyName("sha256")]
    public required string Sha256 { get; init; }

    /// <summary>When the transport took it, in Unix seconds.</summary>
    [JsonPropertyName("at")]
    public required long TakenAt { get; init; }

    internal DeviceMedia ToMedia() => new(Attachment, MimeType, Sha256, Attachment.Size);

    public override string ToString() => "[redacted]";
}

[JsonSerializable(typeof(MediaFile))]
[JsonSerializable(typeof(DeviceFile))]
internal sealed partial class MediaJson : JsonSerializerContext;
