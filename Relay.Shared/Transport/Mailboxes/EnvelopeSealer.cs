// What is sealed: ver(1) | envelope id(8) | length of number(1) | sender's number in digits | [ver 2: tag(8) | length of business(1) | business] | Signal message.
// Version 2 is what a business sends to a device, 1 anything else.
// One blob, so that neither the sender nor the id can be moved to another message.
using System.Buffers.Binary;
using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Transport.Integrity.Reports;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Mailboxes;

/// <summary>Seals an envelope to its place in a mailbox under the key of its day, and opens it there.</summary>
public sealed class EnvelopeSealer(TransportKeys keys)
{
    private const byte Version = 1;
    private const byte MarkedVersion = 2;
    private const int TagSize = sizeof(ulong);
    private const int NumberAt = 1 + EnvelopeId.Size + 1;

    internal ValueTask<byte[]> SealAsync(
        Mailbox mailbox, string handle, UtcDay day, PhoneNumber from, EnvelopeId id, ReportMark? mark, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        byte[] digits = Encoding.ASCII.GetBytes(from.Digits);
        byte[] plaintext = [mark is null ? Version : MarkedVersion, .. id.ToBytes(), (byte)digits.Length, .. digits, .. Encode(mark), .. content.Span];
        return keys.Sealer.SealAsync(TransportKeys.Tenant, day, PlaceOf(mailbox, handle), plaintext, cancellationToken);
    }

    /// <summary>The envelope without a handle, or null: the key of its day was destroyed.</summary>
    /// <exception cref="SealBrokenException">The row isn't what this transport wrote there.</exception>
    internal async ValueTask<Envelope?> OpenAsync(MailboxEntry entry, CancellationToken cancellationToken) =>
        (await OpenMarkedAsync(entry, cancellationToken))?.Envelope;

    /// <summary>The same with what makes its report token, if it has that.</summary>
    internal async ValueTask<(Envelope Envelope, ReportMark? Mark)?> OpenMarkedAsync(MailboxEntry entry, CancellationToken cancellationToken) =>
        await keys.Sealer.OpenAsync(TransportKeys.Tenant, PlaceOf(entry.Mailbox, entry.Handle), entry.Sealed, cancellationToken) is { } plaintext
            ? Parse(entry, plaintext)
            : null;

    private static SealedPlace PlaceOf(Mailbox mailbox, string handle) => new(mailbox.Table, mailbox.Partition, handle, "envelope");

    private static byte[] Encode(ReportMark? mark)
    {
        if (mark is not { } some)
        {
            return [];
        }

        byte[] tag = new byte[TagSize];
        BinaryPrimitives.WriteUInt64BigEndian(tag, some.Tag);
        return [.. tag, (byte)some.Business.Length, .. Encoding.ASCII.GetBytes(some.Business)];
    }

    private static (Envelope Envelope, ReportMark? Mark) Parse(MailboxEntry entry, byte[] plaintext)
    {
        if (plaintext.Length < NumberAt || plaintext[0] is not (Version or MarkedVersion) || plaintext.Length < NumberAt + plaintext[NumberAt - 1])
        {
            throw new SealBrokenException("An envelope is of an unknown version.");
        }

        int numberEnd = NumberAt + plaintext[NumberAt - 1];
        int contentAt = numberEnd;
        ReportMark? mark = null;
        if (plaintext[0] == MarkedVersion)
        {
            int businessAt = numberEnd + TagSize + 1;
            contentAt = businessAt + plaintext[businessAt - 1];
            mark = new ReportMark(Encoding.ASCII.GetString(plaintext.AsSpan(businessAt..contentAt)), BinaryPrimitives.ReadUInt64BigEndian(plaintext.AsSpan(numberEnd)));
        }

        Envelope envelope = new()
        {
            Id = EnvelopeId.FromBytes(plaintext.AsSpan(1, EnvelopeId.Size)).Hex,
            From = "+" + Encoding.ASCII.GetString(plaintext.AsSpan(NumberAt..numberEnd)),
            Type = entry.Type,
            Content = plaintext[contentAt..],
            Timestamp = entry.Time.ToUnixTimeSeconds(),
        };
        return (envelope, mark);
    }
}
