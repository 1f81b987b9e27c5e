// spec/signal.md §3.1: 0x05 || u-coordinate (32 bytes, little endian).
// Non-canonical coordinates (u >= 2^255 - 19, or bit 255 set) are refused: X25519 would read them as another key's twin.

using System.Diagnostics.CodeAnalysis;

namespace Relay.Shared.Signal;

/// <summary>A Curve25519 public key in its one serialized form. Immutable, compared by value.</summary>
public sealed class PublicKey : IEquatable<PublicKey>
{
    private const byte DjbType = 0x05;

    private readonly byte[] _bytes;

    private PublicKey(byte[] bytes) => _bytes = bytes;

    /// <summary>The 33 bytes that go into every message, signature and MAC.</summary>
    public ReadOnlySpan<byte> Serialized => _bytes;

    internal ReadOnlySpan<byte> U => _bytes.AsSpan(1);

    /// <summary>Exactly 33 bytes, type 0x05, canonical coordinate.</summary>
    public static bool TryParse(ReadOnlySpan<byte> serialized, [NotNullWhen(true)] out PublicKey? key)
    {
        key = null;
        return serialized.Length == SignalLimits.PublicKeyBytes && serialized[0] == DjbType && TryFromU(serialized[1..], out key);
    }

    /// <summary>A copy of <see cref="Serialized"/>.</summary>
    public byte[] ToBytes() => _bytes.AsSpan().ToArray();

    public bool Equals([NotNullWhen(true)] PublicKey? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    public override bool Equals(object? obj) => Equals(obj as PublicKey);

    public override int GetHashCode() => BitConverter.ToInt32(_bytes, 1);

    public override string ToString() => Convert.ToHexStringLower(_bytes);

    internal static bool TryFromU(ReadOnlySpan<byte> u, [NotNullWhen(true)] out PublicKey? key)
    {
        key = IsCanonical(u) ? FromTrustedU(u) : null;
        return key is not null;
    }

    /// <summary>For coordinates we computed ourselves, which are always canonical.</summary>
    internal static PublicKey FromTrustedU(ReadOnlySpan<byte> u)
    {
        byte[] bytes = new byte[SignalLimits.PublicKeyBytes];
        bytes[0] = DjbType;
        u.CopyTo(bytes.AsSpan(1));
        return new PublicKey(bytes);
    }

    // p = 2^255 - 19 is ED FF .. FF 7F in little endian.
    private static bool IsCanonical(ReadOnlySpan<byte> u)
    {
        if (u.Length != 32 || u[31] > 0x7F)
        {
            return false;
        }

        return u[31] != 0x7F || u[0] < 0xED || u[1..31].ContainsAnyExcept((byte)0xFF);
    }
}
