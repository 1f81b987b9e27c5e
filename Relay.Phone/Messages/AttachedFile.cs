using System.Text.Json;
using Relay.Phone.State;
using Relay.Shared.Content;

namespace Relay.Phone.Messages;

/// <summary>The one file that a message may hold: as its content, or in the header of an interactive message or a template.</summary>
/// <param name="Kind"><c>image</c>, <c>video</c>, <c>audio</c>, <c>document</c> or <c>sticker</c>.</param>
/// <param name="Media">What the message says of it.</param>
internal sealed record AttachedFile(string Kind, JsonElement Media)
{
    private static readonly string[] s_kinds = ["image", "video", "audio", "document", "sticker"];

    internal string? MimeType => Members.Text(Media, "mime_type");

    internal string? FileName => Members.Text(Media, "filename");

    internal string? Caption => Members.Text(Media, "caption");

    internal bool IsVoice => Members.IsTrue(Media, "voice");

    /// <summary>Null when the message doesn't say how to get at the file.</summary>
    internal AttachmentPointer? Pointer
    {
        get
        {
            try
            {
                return Members.Find(Media, "attachment")?.Deserialize(PhoneJson.Default.AttachmentPointer) is { IsWellFormed: true } pointer ? pointer : null;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                return null;
            }
        }
    }

    internal static AttachedFile? Find(JsonElement message)
    {
        string type = Members.Text(message, "type") ?? "";
        return type is "interactive" or "template" ? In(message, type, "header") : In(message);
    }

    /// <summary>How large it is, for people.</summary>
    internal string Size => Pointer?.Size switch
    {
        null => "not there",
        < 1024 and var bytes => $"{bytes} bytes",
        < 1024 * 1024 and var bytes => $"{bytes / 1024} KiB",
        var bytes => $"{bytes / (1024 * 1024)} MiB",
    };

    public override string ToString() => Kind;

    private static AttachedFile? In(JsonElement message, params ReadOnlySpan<string> path) =>
        Members.Find(message, path) is { } holder
        && Members.Text(holder, "type") is { } kind
        && s_kinds.Contains(kind)
        && Members.Find(holder, kind) is { ValueKind: JsonValueKind.Object } media
            ? new AttachedFile(kind, media)
            : null;
}
