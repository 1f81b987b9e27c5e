// A token is base64url of OpaqueForm over: day(4, yyyyMMdd) | tag(8) | handle(38, ASCII) | length of business(1) | business, filled up with zeros(64).
// One length for all, so that it says nothing; bound to the device that fetched the message.
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Transport.Mailboxes;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Integrity.Reports;

/// <summary>
/// Makes the token of a message, the same at each fetch, and opens it for the device that fetched it. To anybody else it is random: it names no business and cannot be
/// compared with another.
/// </summary>
public sealed class ReportTokens(TransportKeys keys)
{
    private const string KeyName = "reports";
    private const int TagAt = sizeof(uint);
    private const int HandleAt = TagAt + sizeof(ulong);
    private const int LengthAt = HandleAt + EnvelopeHandle.Length;
    private const int BusinessAt = LengthAt + 1;
    private const int Size = BusinessAt + TransportLimits.MaxBusinessLength;
    private const int RowKeySize = 32;
    private const int RowBytes = 16;

    /// <summary>In characters.</summary>
    internal static readonly int Length = Base64Url.GetEncodedLength(Size + OpaqueForm.Overhead);

    internal async ValueTask<string> CreateAsync(Account reader, MailboxEntry entry, ReportMark mark, CancellationToken cancellationToken)
    {
        byte[] plain = new byte[Size];
        BinaryPrimitives.WriteUInt32BigEndian(plain, entry.Day.Number);
        BinaryPrimitives.WriteUInt64BigEndian(plain.AsSpan(TagAt), mark.Tag);
        Encoding.ASCII.GetBytes(entry.Handle, plain.AsSpan(HandleAt, EnvelopeHandle.Length));
        plain[LengthAt] = (byte)Encoding.ASCII.GetBytes(mark.Business, plain.AsSpan(BusinessAt));
        byte[] context = Context(reader);
        using KeyLease lease = await keys.Ring.DerivedKeysAsync(TransportKeys.Tenant, KeyName, "token", OpaqueForm.KeysSize, cancellationToken);
        return Base64Url.EncodeToString(OpaqueForm.Seal(lease.Reveal(), [.. plain, .. context], plain, context));
    }

    /// <summary>Null when it is not one of this transport's for this device.</summary>
    internal async ValueTask<ReportedMessage?> OpenAsync(Account reader, string token, CancellationToken cancellationToken)
    {
        if (token.Length != Length || !Base64Url.IsValid(token))
        {
            return null;
        }

        using KeyLease lease = await keys.Ring.DerivedKeysAsync(TransportKeys.Tenant, KeyName, "token", OpaqueForm.KeysSize, cancellationToken);
        return OpaqueForm.Open(lease.Reveal(), Base64Url.DecodeFromChars(token), Context(reader)) is { Length: Size } plain ? Parse(plain) : null;
    }

    /// <summary>What the one row is called that a message's report leaves.</summary>
    internal async ValueTask<string> RowAsync(ReportedMessage message, CancellationToken cancellationToken)
    {
        using KeyLease lease = await keys.Ring.DerivedKeysAsync(TransportKeys.Tenant, KeyName, "row", RowKeySize, cancellationToken);
        return Convert.ToHexStringLower(HMACSHA256.HashData(lease.Reveal(), message.Plain).AsSpan(0, RowBytes));
    }

    private static byte[] Context(Account reader) => Encoding.ASCII.GetBytes(reader.KeysPartition);

    private static ReportedMessage? Parse(byte[] plain) => UtcDay.TryFromNumber(BinaryPrimitives.ReadUInt32BigEndian(plain), out UtcDay day)
        ? new ReportedMessage(
            Encoding.ASCII.GetString(plain, BusinessAt, plain[LengthAt]),
            day,
            Encoding.ASCII.GetString(plain, HandleAt, EnvelopeHandle.Length),
            plain)
        : null;
}

/// <param name="Business">What the report counts against.</param>
/// <param name="Day">When the transport took the message.</param>
/// <param name="Handle">Where the message waits, if it still does.</param>
/// <param name="Plain">All that the token holds: no two messages' is the same.</param>
internal sealed record ReportedMessage(string Business, UtcDay Day, string Handle, byte[] Plain)
{
    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(ReportedMessage);
}
