// What is sealed: ver(1)=1 | envelope id(8) | length of number(1) | sender's number in digits | Signal message.
// One blob, so that neither the sender nor the id can be moved to another message.
using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Mailboxes;

/// <summary>Seals an envelope to its place in a mailbox under the key of its day, and opens it there.</summary>
public sealed class EnvelopeSealer(TransportKeys keys)
{
    private const byte Version = 1;
    private const int NumberAt = 1 + EnvelopeId.Size + 1;

    internal ValueTask<byte[]> SealAsync(
        Mailbox mailbox, string handle, UtcDay day, PhoneNumber from, EnvelopeId id, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        byte[] digits = Encoding.ASCII.GetBytes(from.Digits);
        byte[] plaintext = [Version, .. id.ToBytes(), (byte)digits.Length, .. digits, .. content.Span];
        return keys.Sealer.SealAsync(TransportKeys.Tenant, day, PlaceOf(mailbox, handle), plaintext, cancellationToken);
    }

    /// <summary>The envelope without a handle, or null: the key of its day was destroyed.</summary>
    /// <exception cref="SealBrokenException">The row isn't what this transport wrote there.</exception>
    internal async ValueTask<Envelope?> OpenAsync(MailboxEntry entry, CancellationToken cancellationToken) =>
        await keys.Sealer.OpenAsync(TransportKeys.Tenant, PlaceOf(entry.Mailbox, entry.Handle), entry.Sealed, cancellationToken) is { } plaintext
            ? Parse(entry, plaintext)
            : null;

    private static SealedPlace PlaceOf(Mailbox mailbox, string handle) => new(mailbox.Table, mailbox.Partition, handle, "envelope");

    private static Envelope Parse(MailboxEntry entry, byte[] plaintext)
    {
        if (plaintext.Length < NumberAt || plaintext[0] != Version || plaintext.Length < NumberAt + plaintext[NumberAt - 1])
        {
            throw new SealBrokenException("An envelope is of an unknown version.");
        }

        int contentAt = NumberAt + plaintext[NumberAt - 1];
        return new Envelope
        {
            Id = EnvelopeId.FromBytes(plaintext.AsSpan(1, EnvelopeId.Size)).Hex,
            From = "+" + Encoding.ASCII.GetString(plaintext.AsSpan(NumberAt..contentAt)),
            Type = entry.Type,
            Content = plaintext[contentAt..],
            Timestamp = entry.Time.ToUnixTimeSeconds(),
        };
    }
}
