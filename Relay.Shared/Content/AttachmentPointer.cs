using System.Text.Json.Serialization;

namespace Relay.Shared.Content;

/// <summary>
/// Leads a device to a file: the member <c>attachment</c> of a media message's object. The transport knows the id and the encrypted bytes; the key is nowhere but
/// in Signal messages. Equality is by reference, and it prints its id never.
/// </summary>
public sealed class AttachmentPointer
{
    /// <summary>Whoever knows it may fetch the encrypted bytes.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>64 bytes: AES-256 key, then HMAC-SHA256 key.</summary>
    [JsonPropertyName("key")]
    public required byte[] Key { get; init; }

    /// <summary>SHA-256 of all encrypted bytes.</summary>
    [JsonPropertyName("digest")]
    public required byte[] Digest { get; init; }

    /// <summary>The file's own size in bytes; what follows it inside is padding.</summary>
    [JsonPropertyName("size")]
    public required long Size { get; init; }

    /// <summary>Whether its parts have the sizes that they must have. An id is 1 to 100 letters and digits, so that it can stand in a path.</summary>
    [JsonIgnore]
    public bool IsWellFormed =>
        Id is { Length: > 0 and <= MaxIdLength } && Id.All(char.IsAsciiLetterOrDigit)
        && Key?.Length == AttachmentFormat.KeySize && Digest?.Length == AttachmentFormat.DigestSize && Size > 0;

    private const int MaxIdLength = 100;

    public override string ToString() => "[redacted]";
}
