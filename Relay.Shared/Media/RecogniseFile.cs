using System.Buffers;

namespace Relay.Shared.Media;

/// <summary>Tells a file's format by its first bytes, whatever anybody says about it.</summary>
internal static class RecogniseFile
{
    /// <summary>More is never looked at.</summary>
    internal const int HeadSize = 512;

    private const int AnimationFlag = 0x02;

    /// <summary>Control characters that no text has.</summary>
    private static readonly SearchValues<byte> s_binary = SearchValues.Create([0, 1, 2, 3, 4, 5, 6, 7, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 28, 29, 30, 31, 127]);

    /// <param name="head">The first <see cref="HeadSize"/> bytes, or the whole file if it is shorter.</param>
    internal static FileFormat Of(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xD8, 0xFF, ..] => FileFormat.Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => FileFormat.Png,
        _ when head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8) => FileFormat.Gif,
        _ when head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..].StartsWith("WEBP"u8) => Webp(head),
        _ when head.StartsWith("OggS"u8) => head.IndexOf("OpusHead"u8) >= 0 ? FileFormat.OggOpus : FileFormat.Ogg,
        _ when head.StartsWith("#!AMR"u8) => FileFormat.Amr,
        _ when head.Length >= 12 && head[4..].StartsWith("ftyp"u8) => head[8..].StartsWith("3g"u8) ? FileFormat.ThreeGpp : FileFormat.Mp4,
        _ when head.StartsWith("%PDF-"u8) => FileFormat.Pdf,
        _ when head.StartsWith("ID3"u8) => FileFormat.Mp3,
        _ when head.StartsWith("ADIF"u8) => FileFormat.Aac,
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => FileFormat.OleDocument,
        [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..] => FileFormat.Zip,
        [0xFF, var second, ..] when (second & 0xF6) == 0xF0 => FileFormat.Aac,
        [0xFF, var second, ..] when (second & 0xE0) == 0xE0 && (second & 0x06) != 0 => FileFormat.Mp3,
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => FileFormat.Text,
        _ when head.ContainsAny(s_binary) => FileFormat.Unknown,
        _ => FileFormat.Text,
    };

    /// <summary>As an error calls it.</summary>
    internal static string Name(FileFormat format) => format switch
    {
        FileFormat.Jpeg => "a JPEG image",
        FileFormat.Png => "a PNG image",
        FileFormat.Gif => "a GIF image",
        FileFormat.Webp => "a WebP image",
        FileFormat.AnimatedWebp => "an animated WebP image",
        FileFormat.Aac => "AAC audio",
        FileFormat.Amr => "AMR audio",
        FileFormat.Mp3 => "MPEG audio",
        FileFormat.OggOpus => "Ogg Opus audio",
        FileFormat.Ogg => "an Ogg file that is not Opus audio",
        FileFormat.Mp4 => "an MP4 file",
        FileFormat.ThreeGpp => "a 3GPP file",
        FileFormat.Pdf => "a PDF document",
        FileFormat.OleDocument => "an Office document of the older kind",
        FileFormat.Zip => "a zip archive or an Office document",
        FileFormat.Text => "text",
        _ => "of no format that is known here",
    };

    private static FileFormat Webp(ReadOnlySpan<byte> head) =>
        head.Length > 20 && head[12..].StartsWith("VP8X"u8) && (head[20] & AnimationFlag) != 0 ? FileFormat.AnimatedWebp : FileFormat.Webp;
}
