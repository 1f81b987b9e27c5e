namespace Relay.Phone.Messages;

/// <summary>What a file is that a user sends.</summary>
/// <param name="Kind"><c>image</c>, <c>video</c>, <c>audio</c>, <c>document</c> or <c>sticker</c>.</param>
/// <param name="MimeType">What it is; the relay looks for itself.</param>
public sealed record FileToSend(string Kind, string MimeType)
{
    /// <summary>Of a document.</summary>
    public string? FileName { get; init; }

    /// <summary>Of an image, a video or a document.</summary>
    public string? Caption { get; init; }

    /// <summary>Of audio: a voice message.</summary>
    public bool IsVoice { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => Kind;

    /// <summary>A file by its path; what it is shows in its name, unless the user says.</summary>
    internal static FileToSend OfPath(string path, string? kind, string? caption, bool isVoice)
    {
        FileType type = FileType.OfName(path);
        string sent = kind ?? (isVoice ? "audio" : type.Kind);
        return new FileToSend(sent, type.MimeType)
        {
            FileName = sent == "document" ? Path.GetFileName(path) : null,
            Caption = caption,
            IsVoice = isVoice,
        };
    }
}
