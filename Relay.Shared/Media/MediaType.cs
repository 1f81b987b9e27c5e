namespace Relay.Shared.Media;

/// <summary>
/// The types of files that can be uploaded: what each is called, which messages it can be sent as, what its first bytes must say. A type's number is part of
/// media ids and never given to another. Closed: nobody else can make one.
/// </summary>
public sealed class MediaType
{
    private static readonly List<MediaType> Rows = [];

    public static readonly MediaType Jpeg = new(1, "image/jpeg", MediaKind.Image, FileFormat.Jpeg) { OtherName = "image/jpg" };
    public static readonly MediaType Png = new(2, "image/png", MediaKind.Image, FileFormat.Png);
    public static readonly MediaType Webp = new(3, "image/webp", MediaKind.Sticker, FileFormat.Webp, FileFormat.AnimatedWebp);
    public static readonly MediaType Aac = new(10, "audio/aac", MediaKind.Audio, FileFormat.Aac);
    public static readonly MediaType Amr = new(11, "audio/amr", MediaKind.Audio, FileFormat.Amr);
    public static readonly MediaType Mp3 = new(12, "audio/mpeg", MediaKind.Audio, FileFormat.Mp3) { OtherName = "audio/mp3" };
    public static readonly MediaType AudioMp4 = new(13, "audio/mp4", MediaKind.Audio, FileFormat.Mp4) { OtherName = "audio/m4a" };
    public static readonly MediaType Ogg = new(14, "audio/ogg", MediaKind.Audio, FileFormat.OggOpus);
    public static readonly MediaType Opus = new(15, "audio/opus", MediaKind.Audio, FileFormat.OggOpus);
    public static readonly MediaType VideoMp4 = new(20, "video/mp4", MediaKind.Video, FileFormat.Mp4);
    public static readonly MediaType ThreeGpp = new(21, "video/3gpp", MediaKind.Video, FileFormat.ThreeGpp) { OtherName = "video/3gp" };
    public static readonly MediaType PlainText = new(30, "text/plain", MediaKind.Document, FileFormat.Text);
    public static readonly MediaType Pdf = new(31, "application/pdf", MediaKind.Document, FileFormat.Pdf);
    public static readonly MediaType Word = new(32, "application/msword", MediaKind.Document, FileFormat.OleDocument);
    public static readonly MediaType Excel = new(33, "application/vnd.ms-excel", MediaKind.Document, FileFormat.OleDocument);
    public static readonly MediaType PowerPoint = new(34, "application/vnd.ms-powerpoint", MediaKind.Document, FileFormat.OleDocument);
    public static readonly MediaType WordXml = new(35, OpenXml + "wordprocessingml.document", MediaKind.Document, FileFormat.Zip);
    public static readonly MediaType ExcelXml = new(36, OpenXml + "spreadsheetml.sheet", MediaKind.Document, FileFormat.Zip);
    public static readonly MediaType PowerPointXml = new(37, OpenXml + "presentationml.presentation", MediaKind.Document, FileFormat.Zip);

    private const string OpenXml = "application/vnd.openxmlformats-officedocument.";

    private readonly FileFormat[] _formats;

    private MediaType(byte number, string name, MediaKind kind, params FileFormat[] formats)
    {
        Number = number;
        Name = name;
        Kind = kind;
        _formats = formats;
        Rows.Add(this);
    }

    public static IReadOnlyList<MediaType> All => Rows;

    /// <summary>In media ids.</summary>
    public byte Number { get; }

    /// <summary>The mime type, lower case.</summary>
    public string Name { get; }

    /// <summary>What it is sent as; any file can also be sent as a document.</summary>
    public MediaKind Kind { get; }

    private string? OtherName { get; init; }

    public static MediaType? Find(byte number) => Rows.Find(type => type.Number == number);

    /// <summary>By a Content-Type, whatever its case and parameters.</summary>
    public static MediaType? Find(string? name)
    {
        string plain = name?.Split(';')[0].Trim() ?? string.Empty;
        return Rows.Find(type => type.Name.Equals(plain, StringComparison.OrdinalIgnoreCase) || type.OtherName?.Equals(plain, StringComparison.OrdinalIgnoreCase) == true);
    }

    /// <summary>The type of a file that nobody has named; null where a format is that of several documents, or of nothing that can be uploaded.</summary>
    public static MediaType? Of(FileFormat format) => format switch
    {
        FileFormat.Mp4 => VideoMp4,
        FileFormat.OleDocument or FileFormat.Zip => null,
        _ => Rows.Find(type => type.Is(format)),
    };

    public bool Is(FileFormat format) => Array.IndexOf(_formats, format) >= 0;

    public bool CanBe(MediaKind kind) => kind == Kind || kind == MediaKind.Document;

    public override string ToString() => Name;
}
