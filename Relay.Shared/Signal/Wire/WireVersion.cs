// spec/signal.md §3.4 and §4: version byte = version << 4 | low nibble. Version 3 is written 0x33 and read with any low nibble
// from 3 up (newer peers write 0x34); version 4 is written 0x44 and read with any from 4 up. The MAC covers the byte as it was
// received.

namespace Relay.Shared.Signal.Wire;

/// <summary>The first byte of every message.</summary>
internal static class WireVersion
{
    internal const byte Classic = 3;

    internal const byte PostQuantum = 4;

    internal const byte ClassicByte = 0x33;

    internal const byte PostQuantumByte = 0x44;

    internal static byte Of(byte versionByte) => (byte)(versionByte >> 4);

    /// <summary>The byte that a version is written with.</summary>
    internal static byte ByteOf(byte version) => version == PostQuantum ? PostQuantumByte : ClassicByte;

    internal static bool IsSupported(byte versionByte) =>
        Of(versionByte) is Classic or PostQuantum && (versionByte & 0x0F) >= Of(versionByte);
}
