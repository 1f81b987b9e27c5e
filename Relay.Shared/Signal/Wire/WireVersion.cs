// spec/signal.md §3.4: version byte = version << 4 | low nibble. Version 3 is written 0x33 and read with any low nibble
// from 3 up (newer peers write 0x34). The MAC covers the byte as it was received.

namespace Relay.Shared.Signal.Wire;

/// <summary>The first byte of every message.</summary>
internal static class WireVersion
{
    internal const byte Classic = 3;

    internal const byte ClassicByte = 0x33;

    internal static byte Of(byte versionByte) => (byte)(versionByte >> 4);

    internal static bool IsSupported(byte versionByte) => Of(versionByte) == Classic && (versionByte & 0x0F) >= 3;
}
