using System.Globalization;
using Relay.Shared.Content;

namespace Relay.Shared.Media;

/// <summary>The Cloud API's limits on files (spec/cloud-api.md §4), in units of 1,024.</summary>
public static class MediaLimits
{
    /// <summary>No file is larger, whatever it is and whoever sends it.</summary>
    public const long MaxBytes = AttachmentFormat.MaxFileBytes;

    private const long KiB = 1024;
    private const long MiB = 1024 * KiB;

    /// <summary>How long the id of an uploaded file is good for, unless the upload or its number says less.</summary>
    public static readonly TimeSpan UploadLife = TimeSpan.FromDays(30);

    /// <summary>How long the id of a user's file is good for.</summary>
    public static readonly TimeSpan ReceivedLife = TimeSpan.FromDays(7);

    /// <summary>How long an address to download from is good for.</summary>
    public static readonly TimeSpan UrlLife = TimeSpan.FromMinutes(5);

    /// <summary>How long a linked file is not fetched again.</summary>
    public static readonly TimeSpan LinkLife = TimeSpan.FromMinutes(10);

    /// <summary>The largest file that is sent as a kind; animated stickers may be larger than others.</summary>
    public static long MaxBytesOf(MediaKind kind, FileFormat format) => kind switch
    {
        MediaKind.Image => 5 * MiB,
        MediaKind.Audio or MediaKind.Video => 16 * MiB,
        MediaKind.Sticker => format == FileFormat.AnimatedWebp ? 500 * KiB : 100 * KiB,
        _ => MaxBytes,
    };

    /// <summary>As an error tells it.</summary>
    internal static string Describe(long bytes) =>
        bytes % MiB == 0 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / MiB} MB") : string.Create(CultureInfo.InvariantCulture, $"{bytes / KiB} KB");

    /// <summary>The mime types that a kind takes, for an error.</summary>
    internal static string TypesOf(MediaKind kind) =>
        kind == MediaKind.Document ? "any type" : string.Join(", ", MediaType.All.Where(type => type.Kind == kind).Select(type => type.Name));

    internal static string Name(MediaKind kind) => kind.ToString().ToLowerInvariant();
}
