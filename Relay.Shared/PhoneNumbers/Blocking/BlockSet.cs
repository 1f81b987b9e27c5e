using System.Buffers.Binary;

namespace Relay.Shared.PhoneNumbers.Blocking;

/// <summary>Whom a number blocks, by the first half of their names, at one version of its list.</summary>
internal sealed class BlockSet(string version, HashSet<UInt128> names)
{
    internal string Version { get; } = version;

    internal bool Contains(ReadOnlySpan<byte> name) => names.Contains(Half(name));

    internal static UInt128 Half(ReadOnlySpan<byte> name) => BinaryPrimitives.ReadUInt128BigEndian(name);
}
