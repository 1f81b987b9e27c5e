namespace Relay.Shared.Content;

/// <summary>
/// Hides the length of a text in steps of 160 bytes: 0x80, then zeros, up to one less than a multiple of 160 (so that the block
/// cipher's own padding completes the step).
/// </summary>
internal static class ContentPadding
{
    internal const int Step = 160;

    private const byte End = 0x80;

    internal static byte[] Pad(ReadOnlySpan<byte> content)
    {
        int steps = (content.Length + 1 + Step) / Step;
        byte[] padded = new byte[(steps * Step) - 1];
        content.CopyTo(padded);
        padded[content.Length] = End;
        return padded;
    }

    /// <summary>The content, or false when there is no end mark or anything but zeros behind it.</summary>
    internal static bool TryUnpad(ReadOnlySpan<byte> padded, out ReadOnlySpan<byte> content)
    {
        int end = padded.LastIndexOfAnyExcept((byte)0);
        content = end >= 0 && padded[end] == End ? padded[..end] : default;
        return end >= 0 && padded[end] == End;
    }
}
