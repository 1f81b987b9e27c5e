// spec/signal.md §3.4:
//   PreKeySignalMessage = version byte, protobuf                       (no MAC of its own)
//   1 uint32 pre_key_id (absent: none)   2 bytes base_key (33)   3 bytes identity_key (33)
//   4 bytes message (a whole SignalMessage)   5 uint32 registration_id   6 uint32 signed_pre_key_id
//   7 uint32 kyber_pre_key_id   8 bytes kyber_ciphertext (0x08, then 1568)      (§4: version 4; in version 3 known and ignored)
// Required: 2, 3, 4, 6; in version 4 also 7, 8. Written in ascending order, read in any: privacyresearch sends 5, 1, 6, 2, 3, 4.
// No MAC covers registration_id: treat it as a hint. A wrong id or key among the others gives other secrets, and so a bad MAC.

using System.Diagnostics.CodeAnalysis;

namespace Relay.Shared.Signal.Wire;

/// <summary>
/// A first message: the keys that open a session, around an ordinary message. Parsed, not authenticated:
/// for the caller to learn which identity to judge and which pre-keys to load.
/// </summary>
public sealed class PreKeySignalMessage
{
    private const int HighestKnown = 8;

    private PreKeySignalMessage(PublicKey baseKey, PublicKey identityKey, SignalMessage inner)
    {
        BaseKey = baseKey;
        IdentityKey = identityKey;
        Inner = inner;
    }

    /// <summary>The one-time pre-key used; null for none, which some peers write as 0.</summary>
    public uint? PreKeyId => PreKeyIdOnWire is 0 ? null : PreKeyIdOnWire;

    public uint SignedPreKeyId { get; private init; }

    public PublicKey BaseKey { get; }

    public PublicKey IdentityKey { get; }

    /// <summary>The sender's registration id; 0 when absent. Not authenticated.</summary>
    public uint RegistrationId => RegistrationIdOnWire ?? 0;

    /// <summary>The Kyber pre-key that version 4 used; null in version 3.</summary>
    public uint? KyberPreKeyId => Version == WireVersion.PostQuantum ? KyberPreKeyIdOnWire : null;

    /// <summary>Which protocol the sender opened the session with.</summary>
    public SessionProtocols Protocol => Version != WireVersion.PostQuantum ? SessionProtocols.X3dh
        : Inner.HasPqRatchet ? SessionProtocols.PqxdhSpqr
        : SessionProtocols.Pqxdh;

    internal byte Version => Inner.Version;

    internal SignalMessage Inner { get; }

    internal uint? PreKeyIdOnWire { get; private init; }

    internal uint? RegistrationIdOnWire { get; private init; }

    internal uint? KyberPreKeyIdOnWire { get; private init; }

    internal ReadOnlyMemory<byte>? KyberCiphertextOnWire { get; private init; }

    /// <summary>With its type byte; always there in version 4.</summary>
    internal ReadOnlyMemory<byte> KyberCiphertext => KyberCiphertextOnWire ?? default;

    /// <summary>In which order the known fields came (<see cref="ProtoReader.Order"/>).</summary>
    internal ulong FieldOrder { get; private init; }

    internal ReadOnlyMemory<byte> UnknownFields { get; private init; }

    /// <summary>The message keeps referring to <paramref name="bytes"/>, which must not change.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out PreKeySignalMessage? message) =>
        Parse(bytes, out message) == SessionOutcome.Success && message is not null;

    internal static SessionOutcome Parse(ReadOnlyMemory<byte> bytes, out PreKeySignalMessage? message)
    {
        message = null;
        if (bytes.IsEmpty || bytes.Length > SignalLimits.MaxMessageBytes)
        {
            return SessionOutcome.Malformed;
        }

        if (!WireVersion.IsSupported(bytes.Span[0]))
        {
            return SessionOutcome.UnsupportedVersion;
        }

        return TryParseFields(bytes, out message) ? SessionOutcome.Success : SessionOutcome.Malformed;
    }

    /// <param name="message">The whole ordinary message; its version byte becomes this one's.</param>
    /// <param name="pending">Which pre-keys it names.</param>
    /// <param name="baseKey">The session's.</param>
    /// <param name="identityKey">The sender's.</param>
    /// <param name="registrationId">The sender's.</param>
    internal static byte[] Write(
        ReadOnlySpan<byte> message, PendingPreKey pending, PublicKey baseKey, PublicKey identityKey, uint registrationId)
    {
        int size = 1
            + (pending.PreKeyId is { } id ? ProtoWriter.Size(1, id) : 0)
            + (2 * ProtoWriter.SizeOfBytes(2, SignalLimits.PublicKeyBytes))
            + ProtoWriter.SizeOfBytes(4, message.Length)
            + ProtoWriter.Size(5, registrationId)
            + ProtoWriter.Size(6, pending.SignedPreKeyId)
            + (pending.Kyber is { } sized ? ProtoWriter.Size(7, sized.PreKeyId) + ProtoWriter.SizeOfBytes(8, sized.Ciphertext.Length) : 0);
        byte[] bytes = new byte[size];
        bytes[0] = message[0];
        var writer = new ProtoWriter(bytes.AsSpan(1));
        if (pending.PreKeyId is { } written)
        {
            writer.UInt32(1, written);
        }

        writer.Bytes(2, baseKey.Serialized);
        writer.Bytes(3, identityKey.Serialized);
        writer.Bytes(4, message);
        writer.UInt32(5, registrationId);
        writer.UInt32(6, pending.SignedPreKeyId);
        if (pending.Kyber is { } kyber)
        {
            writer.UInt32(7, kyber.PreKeyId);
            writer.Bytes(8, kyber.Ciphertext);
        }

        return bytes;
    }

    private static bool TryParseFields(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out PreKeySignalMessage? message)
    {
        message = null;
        ReadOnlyMemory<byte> fields = bytes[1..];
        uint? preKeyId = null;
        uint? registrationId = null;
        uint? signedPreKeyId = null;
        uint? kyberPreKeyId = null;
        PublicKey? baseKey = null;
        PublicKey? identityKey = null;
        ReadOnlyMemory<byte>? inner = null;
        ReadOnlyMemory<byte>? kyberCiphertext = null;

        var reader = new ProtoReader(fields.Span, HighestKnown, ascending: false);
        while (reader.Next())
        {
            ReadOnlySpan<byte> content = reader.IsBytes ? fields.Span[reader.Content] : default;
            bool good = reader.Field switch
            {
                1 => TryNumber(ref reader, out preKeyId),
                2 => reader.IsBytes && PublicKey.TryParse(content, out baseKey),
                3 => reader.IsBytes && PublicKey.TryParse(content, out identityKey),
                4 => TrySlice(fields, ref reader, out inner),
                5 => TryNumber(ref reader, out registrationId),
                6 => TryNumber(ref reader, out signedPreKeyId),
                7 => TryNumber(ref reader, out kyberPreKeyId),
                _ => TrySlice(fields, ref reader, out kyberCiphertext),
            };
            if (!good)
            {
                return false;
            }
        }

        if (reader.Failed || baseKey is null || identityKey is null || inner is null || signedPreKeyId is null
            || SignalMessage.Parse(inner.Value, out SignalMessage? parsed) != SessionOutcome.Success || parsed is null)
        {
            return false;
        }

        // The outer version byte is in no MAC, so it MUST equal the inner one, which is.
        if (parsed.VersionByte != bytes.Span[0])
        {
            return false;
        }

        if (parsed.Version == WireVersion.PostQuantum
            && (kyberPreKeyId is null || kyberCiphertext is not { } capsule || !KyberCapsule.IsWellFormed(capsule.Span)))
        {
            return false;
        }

        message = new PreKeySignalMessage(baseKey, identityKey, parsed)
        {
            PreKeyIdOnWire = preKeyId,
            RegistrationIdOnWire = registrationId,
            SignedPreKeyId = signedPreKeyId.Value,
            KyberPreKeyIdOnWire = kyberPreKeyId,
            KyberCiphertextOnWire = kyberCiphertext,
            FieldOrder = reader.Order,
            UnknownFields = fields[reader.UnknownStart..],
        };
        return true;
    }

    private static bool TryNumber(ref ProtoReader reader, out uint? number)
    {
        bool good = reader.TryUInt32(out uint value);
        number = good ? value : null;
        return good;
    }

    private static bool TrySlice(ReadOnlyMemory<byte> fields, ref ProtoReader reader, out ReadOnlyMemory<byte>? slice)
    {
        slice = reader.IsBytes ? fields[reader.Content] : null;
        return reader.IsBytes;
    }
}
