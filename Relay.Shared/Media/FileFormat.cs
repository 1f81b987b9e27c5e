namespace Relay.Shared.Media;

/// <summary>What the first bytes of a file say that it is.</summary>
public enum FileFormat : byte
{
    /// <summary>Nothing that is known here.</summary>
    Unknown,
    Jpeg,
    Png,
    Gif,
    Webp,
    AnimatedWebp,
    Aac,
    Amr,
    Mp3,

    /// <summary>Ogg with Opus inside.</summary>
    OggOpus,

    /// <summary>Ogg with anything else.</summary>
    Ogg,
    Mp4,
    ThreeGpp,
    Pdf,

    /// <summary>The container of Office's older documents.</summary>
    OleDocument,

    /// <summary>Zip, and Office's documents since 2007, which are that.</summary>
    Zip,

    /// <summary>No byte that text doesn't have.</summary>
    Text,
}
