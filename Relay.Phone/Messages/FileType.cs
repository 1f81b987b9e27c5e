namespace Relay.Phone.Messages;

/// <summary>What a file is, by the end of its name.</summary>
/// <param name="Kind">How it is sent unless the user says otherwise.</param>
/// <param name="MimeType">What its receiver is told; the relay looks for itself.</param>
/// <param name="Ending">With its point.</param>
internal sealed record FileType(string Kind, string MimeType, string Ending)
{
    private static readonly FileType[] s_known =
    [
        new("image", "image/jpeg", ".jpg"), new("image", "image/jpeg", ".jpeg"), new("image", "image/png", ".png"), new("sticker", "image/webp", ".webp"),
        new("video", "video/mp4", ".mp4"), new("video", "video/3gpp", ".3gp"), new("audio", "audio/ogg", ".ogg"), new("audio", "audio/ogg", ".opus"),
        new("audio", "audio/mpeg", ".mp3"), new("audio", "audio/mp4", ".m4a"), new("audio", "audio/aac", ".aac"), new("audio", "audio/amr", ".amr"),
        new("document", "application/pdf", ".pdf"), new("document", "text/plain", ".txt"),
    ];

    internal static FileType OfName(string path) =>
        Array.Find(s_known, type => path.EndsWith(type.Ending, StringComparison.OrdinalIgnoreCase)) ?? new FileType("document", "application/octet-stream", ".bin");

    /// <summary>The usual end of a name for what a message says of its file.</summary>
    internal static string EndingOf(string? mimeType) => Array.Find(s_known, type => mimeType?.StartsWith(type.MimeType, StringComparison.OrdinalIgnoreCase) == true)?.Ending ?? ".bin";
}
