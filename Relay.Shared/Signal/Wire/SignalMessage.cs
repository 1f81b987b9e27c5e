// spec/signal.md §3.4:
//   SignalMessage = version byte, protobuf, 8-byte MAC
//   1 bytes ratchet_key (33)   2 uint32 counter   3 uint32 previous_counter   4 bytes ciphertext
//   5 bytes pq_ratchet         6 bytes addresses  (§4: version 4; in version 3 known and ignored)
// Required: 1, 2, 4. Written: 1 to 4 always, 5 by sessions with SPQR, 6 inside first messages when both addresses are known.

using System.Diagnostics.CodeAnalysis;

namespace Relay.Shared.Signal.Wire;

/// <summary>An ordinary message, parsed but not yet authenticated. It refers to the bytes it was parsed from.</summary>
internal sealed class SignalMessage
{
    private const int HighestKnown = 6;

    private readonly ReadOnlyMemory<byte> _bytes;

    private SignalMessage(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    internal byte VersionByte => _bytes.Span[0];

    internal byte Version => WireVersion.Of(VersionByte);

    internal required PublicKey RatchetKey { get; init; }

    internal required uint Counter { get; init; }

    internal required uint? PreviousCounter { get; init; }

    internal required ReadOnlyMemory<byte> Ciphertext { get; init; }

    internal required ReadOnlyMemory<byte>? PqRatchet { get; init; }

    /// <summary>An empty field 5 says no more than none.</summary>
    internal bool HasPqRatchet => PqRatchet is { IsEmpty: false };

    internal required ReadOnlyMemory<byte>? Addresses { get; init; }

    internal required ReadOnlyMemory<byte> UnknownFields { get; init; }

    internal ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>What the MAC covers, besides the identities.</summary>
    internal ReadOnlySpan<byte> Authenticated => _bytes.Span[..^MessageKeys.MacBytes];

    internal ReadOnlySpan<byte> Mac => _bytes.Span[^MessageKeys.MacBytes..];

    internal static SessionOutcome Parse(ReadOnlyMemory<byte> bytes, out SignalMessage? message)
    {
        message = null;
        if (bytes.Length < 1 + MessageKeys.MacBytes || bytes.Length > SignalLimits.MaxMessageBytes)
        {
            return SessionOutcome.Malformed;
        }

        if (!WireVersion.IsSupported(bytes.Span[0]))
        {
            return SessionOutcome.UnsupportedVersion;
        }

        return TryParseFields(bytes, out message) ? SessionOutcome.Success : SessionOutcome.Malformed;
    }

    /// <summary>A message but for its ciphertext and MAC, which the caller writes into the places given.</summary>
    internal static byte[] Frame(in Header header, int ciphertextLength, out Span<byte> ciphertext, out Span<byte> mac)
    {
        int size = 1
            + ProtoWriter.SizeOfBytes(1, SignalLimits.PublicKeyBytes)
            + ProtoWriter.Size(2, header.Counter)
            + ProtoWriter.Size(3, header.PreviousCounter)
            + ProtoWriter.SizeOfBytes(4, ciphertextLength)
            + ProtoWriter.SizeOfOptional(5, header.PqRatchet)
            + ProtoWriter.SizeOfOptional(6, header.Addresses)
            + MessageKeys.MacBytes;
        byte[] bytes = new byte[size];
        bytes[0] = WireVersion.ByteOf(header.Version);
        var writer = new ProtoWriter(bytes.AsSpan(1));
        writer.Bytes(1, header.RatchetKey.Serialized);
        writer.UInt32(2, header.Counter);
        writer.UInt32(3, header.PreviousCounter);
        ciphertext = writer.Reserve(4, ciphertextLength);
        writer.Optional(5, header.PqRatchet);
        writer.Optional(6, header.Addresses);
        mac = bytes.AsSpan(^MessageKeys.MacBytes..);
        return bytes;
    }

    private static bool TryParseFields(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out SignalMessage? message)
    {
        message = null;
        ReadOnlyMemory<byte> fields = bytes[1..^MessageKeys.MacBytes];
        PublicKey? ratchetKey = null;
        uint? counter = null;
        uint? previousCounter = null;
        ReadOnlyMemory<byte>? ciphertext = null;
        ReadOnlyMemory<byte>? pqRatchet = null;
        ReadOnlyMemory<byte>? addresses = null;

        var reader = new ProtoReader(fields.Span, HighestKnown, ascending: true);
        while (reader.Next())
        {
            uint number = 0;
            bool isNumber = reader.Field is 2 or 3;
            if (isNumber ? !reader.TryUInt32(out number) : !reader.IsBytes)
            {
                return false;
            }

            switch (reader.Field)
            {
                case 1:
                    if (!PublicKey.TryParse(fields.Span[reader.Content], out ratchetKey))
                    {
                        return false;
                    }

                    break;
                case 2:
                    counter = number;
                    break;
                case 3:
                    previousCounter = number;
                    break;
                case 4:
                    ciphertext = fields[reader.Content];
                    break;
                case 5:
                    pqRatchet = fields[reader.Content];
                    break;
                default:
                    addresses = fields[reader.Content];
                    break;
            }
        }

        if (reader.Failed || ratchetKey is null || counter is null || ciphertext is null)
        {
            return false;
        }

        message = new SignalMessage(bytes)
        {
            RatchetKey = ratchetKey,
            Counter = counter.Value,
            PreviousCounter = previousCounter,
            Ciphertext = ciphertext.Value,
            PqRatchet = pqRatchet,
            Addresses = addresses,
            UnknownFields = fields[reader.UnknownStart..],
        };
        return true;
    }

    /// <summary>What stands around a ciphertext. The last two are left out when empty.</summary>
    internal readonly ref struct Header
    {
        internal required byte Version { get; init; }

        internal required PublicKey RatchetKey { get; init; }

        internal required uint Counter { get; init; }

        internal required uint PreviousCounter { get; init; }

        internal ReadOnlySpan<byte> PqRatchet { get; init; }

        internal ReadOnlySpan<byte> Addresses { get; init; }
    }
}
