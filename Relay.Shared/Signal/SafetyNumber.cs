// Signal's published description of safety numbers, version 2 of the fingerprint:
//   digest(0) = SHA-512(00 00 || key || id || key), digest(n) = SHA-512(digest(n - 1) || key), 5200 hashes in all; key has 33 bytes
//   displayed = for each party the first 30 bytes as six 40-bit big-endian numbers modulo 100000, five digits each; lower party first
//   scanned   = protobuf: 1 uint32 version (2)   2 {1 bytes (32)} ours   3 {1 bytes (32)} theirs, each digest cut to 32 bytes
// Both parties must use the same stable ids of each other, or their numbers differ.

using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Relay.Shared.Signal.Wire;

namespace Relay.Shared.Signal;

/// <summary>What two people compare to know that no one sits between them: 60 digits, or a code that one scans from the other.</summary>
public sealed class SafetyNumber
{
    private const int Iterations = 5200;
    private const uint ScannableVersion = 2;
    private const int ScannableBytes = 32;
    private const int DigitGroups = 6;

    private readonly byte[] _ours;
    private readonly byte[] _theirs;

    private SafetyNumber(byte[] ours, byte[] theirs)
    {
        _ours = ours;
        _theirs = theirs;
        string own = Display(ours);
        string other = Display(theirs);
        Digits = string.CompareOrdinal(own, other) <= 0 ? own + other : other + own;
    }

    /// <summary>60 digits, the same on both sides; shown in groups of five.</summary>
    public string Digits { get; }

    /// <param name="ourIdentity">Our identity key.</param>
    /// <param name="ourId">What the peer knows us by: the bytes of a service id or of a phone number in E.164 form.</param>
    /// <param name="theirIdentity">The peer's identity key.</param>
    /// <param name="theirId">What we know the peer by, of the same kind.</param>
    public static SafetyNumber Create(
        PublicKey ourIdentity, ReadOnlySpan<byte> ourId, PublicKey theirIdentity, ReadOnlySpan<byte> theirId)
    {
        ArgumentNullException.ThrowIfNull(ourIdentity);
        ArgumentNullException.ThrowIfNull(theirIdentity);
        return new SafetyNumber(Fingerprint(ourIdentity, ourId), Fingerprint(theirIdentity, theirId));
    }

    /// <summary>What our screen shows for the peer to scan.</summary>
    public byte[] ToScannable()
    {
        int party = ProtoWriter.SizeOfBytes(1, ScannableBytes);
        byte[] bytes = new byte[ProtoWriter.Size(1, ScannableVersion) + (2 * ProtoWriter.SizeOfBytes(2, party))];
        var writer = new ProtoWriter(bytes);
        writer.UInt32(1, ScannableVersion);
        new ProtoWriter(writer.Reserve(2, party)).Bytes(1, _ours.AsSpan(..ScannableBytes));
        new ProtoWriter(writer.Reserve(3, party)).Bytes(1, _theirs.AsSpan(..ScannableBytes));
        return bytes;
    }

    /// <summary>True when a code scanned from the peer's screen is of the same two keys and ids.</summary>
    public bool Matches(ReadOnlySpan<byte> scanned) =>
        CryptographicOperations.FixedTimeEquals(scanned, new SafetyNumber(_theirs, _ours).ToScannable());

    public override string ToString() => Digits;

    private static byte[] Fingerprint(PublicKey key, ReadOnlySpan<byte> id)
    {
        byte[] digest = new byte[SHA512.HashSizeInBytes];
        SHA512.HashData([0, 0, .. key.Serialized, .. id, .. key.Serialized], digest);
        Span<byte> input = stackalloc byte[SHA512.HashSizeInBytes + SignalLimits.PublicKeyBytes];
        key.Serialized.CopyTo(input[SHA512.HashSizeInBytes..]);
        for (int i = 1; i < Iterations; i++)
        {
            digest.CopyTo(input);
            SHA512.HashData(input, digest);
        }

        return digest;
    }

    private static string Display(ReadOnlySpan<byte> digest)
    {
        Span<byte> wide = stackalloc byte[sizeof(ulong)];
        var text = new System.Text.StringBuilder(DigitGroups * 5);
        for (int i = 0; i < DigitGroups; i++)
        {
            wide.Clear();
            digest.Slice(i * 5, 5).CopyTo(wide[3..]);
            text.Append((BinaryPrimitives.ReadUInt64BigEndian(wide) % 100_000).ToString("D5", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
