using System.Buffers;

namespace Relay.Shared.Media;

/// <summary>Which mime type a file goes by, when who sends it says one thing and its bytes another.</summary>
internal static class MimeTypes
{
    internal const string Unknown = "application/octet-stream";

    private const int MaxLength = 127;

    private static readonly SearchValues<char> s_token = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&-^_.+");

    /// <summary>What was declared unless the bytes contradict it, then what they say. Never anything but <c>type/subtype</c> and our own parameters.</summary>
    internal static string Choose(string? declared, FileFormat format)
    {
        string? plain = Clean(declared);
        MediaType? type = MediaType.Find(plain);
        if (type is null && plain is not (null or Unknown))
        {
            return plain;
        }

        type = type?.Is(format) == true ? type : MediaType.Of(format);
        return type is null ? Unknown : type == MediaType.Ogg ? $"{type.Name}; codecs=opus" : type.Name;
    }

    /// <summary>Lower case and without parameters; null for what is no mime type.</summary>
    internal static string? Clean(string? declared)
    {
        string plain = declared?.Split(';')[0].Trim().ToLowerInvariant() ?? string.Empty;
        return plain.Length <= MaxLength && plain.Split('/') is [{ Length: > 0 } type, { Length: > 0 } subtype]
            && !type.AsSpan().ContainsAnyExcept(s_token) && !subtype.AsSpan().ContainsAnyExcept(s_token)
                ? plain
                : null;
    }
}
