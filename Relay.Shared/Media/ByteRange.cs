using System.Globalization;

namespace Relay.Shared.Media;

/// <summary>One part of a file, as a <c>Range</c> header asks for it. More than one part is not taken; then all of the file is the answer, as where a part lies behind its end.</summary>
/// <param name="First">The first byte; null asks for the end of the file.</param>
/// <param name="Last">The last byte, or how many of the end; null asks for all from the first.</param>
public readonly record struct ByteRange(long? First, long? Last)
{
    private const string Unit = "bytes=";

    public static ByteRange? Parse(string? header)
    {
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase) || header[Unit.Length..].Split('-') is not [var first, var last])
        {
            return null;
        }

        bool valid = TryParse(first, out long? from) & TryParse(last, out long? to);
        return valid && (from ?? to) is not null && !(from > to) ? new ByteRange(from, to) : null;
    }

    /// <summary>Where it is in a file; false where the file has nothing of it.</summary>
    internal bool TryFind(long size, out long from, out long count)
    {
        from = First ?? Math.Max(0, size - (Last ?? 0));
        count = Math.Max(0, First is null ? size - from : Math.Min(Last ?? long.MaxValue, size - 1) - from + 1);
        return count > 0;
    }

    private static bool TryParse(string text, out long? number)
    {
        bool valid = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value);
        number = valid ? value : null;
        return valid || text.Length == 0;
    }
}
