using System.Buffers.Binary;
using System.Text;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Messaging;

// Both bodies are fields with a 2-byte big-endian length each, the last one running to the end:
//
//   outbound = to | callback data | content        inbound = type | from | content
//   to       = digits [ '#' [ identity key hash ] [ '#' category [ '!' ] [ '~' ] ] ]      '!': the content names a file that is to be attached; '~': told as sent only
/// <summary>
/// What an outbound item's body holds, sealed: recipient (none for a receipt: its session knows), the identity that alone may have it,
/// callback data, what it counts as, padded device content.
/// </summary>
internal sealed class OutboundBody(PhoneNumber? to, string? callbackData, byte[] content)
{
    private const char PartMark = '#';
    private const char FileMark = '!';
    private const char SentOnlyMark = '~';

    internal PhoneNumber? To { get; } = to;

    /// <summary>The only identity that the content may be encrypted for; null for whichever the recipient has.</summary>
    internal IdentityKeyHash? Identity { get; init; }

    internal MessageCategory Category { get; init; }

    /// <summary>Whether the content names an uploaded file or a link, which becomes an attachment before it is encrypted.</summary>
    internal bool HasFile { get; init; }

    /// <summary>Whether nothing after <c>sent</c> is told, as of reactions.</summary>
    internal bool IsSentOnly { get; init; }

    internal string? CallbackData { get; } = callbackData;

    internal byte[] Content { get; } = content;

    internal byte[] Encode() => FieldCodec.Join(Encoding.UTF8.GetBytes(Recipient()), Encoding.UTF8.GetBytes(CallbackData ?? string.Empty), Content);

    internal static OutboundBody Decode(byte[] bytes)
    {
        (string recipient, string callback, byte[] content) = FieldCodec.Split(bytes);
        string[] to = recipient.Split(PartMark);
        IdentityKeyHash identity = default;
        MessageCategory category = MessageCategory.Service;
        bool hasIdentity = to.Length > 1 && to[1].Length > 0;
        bool hasCategory = to.Length > 2;
        if (to.Length > 3
            || (hasIdentity && !IdentityKeyHash.TryParse(to[1], out identity))
            || (hasCategory && !Enum.TryParse(to[2].TrimEnd(FileMark, SentOnlyMark), out category)))
        {
            throw new InvalidDataException("An outbound body names no recipient.");
        }

        return new OutboundBody(
            to[0].Length == 0 ? null : PhoneNumber.TryParse(to[0], out PhoneNumber? number) ? number : throw new InvalidDataException("An outbound body names no number."),
            callback.Length == 0 ? null : callback,
            content)
        {
            Identity = hasIdentity ? identity : null,
            Category = category,
            HasFile = hasCategory && to[2].Contains(FileMark),
            IsSentOnly = hasCategory && to[2].Contains(SentOnlyMark),
        };
    }

    /// <summary>The same with other content, which names no file any more.</summary>
    internal OutboundBody With(byte[] content) => new(To, CallbackData, content) { Identity = Identity, Category = Category, IsSentOnly = IsSentOnly };

    private string Recipient()
    {
        string recipient = To?.Digits ?? string.Empty;
        string extra = Category != MessageCategory.Service || HasFile || IsSentOnly
            ? $"{PartMark}{(int)Category}{(HasFile ? FileMark : null)}{(IsSentOnly ? SentOnlyMark : null)}"
            : string.Empty;
        return Identity is null && extra.Length == 0 ? recipient : recipient + PartMark + Identity?.Value + extra;
    }
}

/// <summary>What an inbound item's body holds, sealed: the envelope as the transport pushed it.</summary>
internal sealed class InboundBody(string type, PhoneNumber from, byte[] content)
{
    /// <summary><see cref="Envelope.Message"/> or <see cref="Envelope.PreKey"/>.</summary>
    internal string Type { get; } = type;

    internal PhoneNumber From { get; } = from;

    internal byte[] Content { get; } = content;

    internal byte[] Encode() => FieldCodec.Join(Encoding.UTF8.GetBytes(Type), Encoding.UTF8.GetBytes(From.Digits), Content);

    internal static InboundBody Decode(byte[] bytes)
    {
        (string type, string from, byte[] content) = FieldCodec.Split(bytes);
        return new InboundBody(type, PhoneNumber.TryParse(from, out PhoneNumber? number) ? number : throw new InvalidDataException("An inbound body names no number."), content);
    }
}

internal static class FieldCodec
{
    internal static byte[] Join(byte[] first, byte[] second, byte[] rest)
    {
        byte[] joined = new byte[4 + first.Length + second.Length + rest.Length];
        int at = Append(joined, 0, first);
        at = Append(joined, at, second);
        rest.CopyTo(joined.AsSpan(at));
        return joined;
    }

    internal static (string First, string Second, byte[] Tail) Split(ReadOnlySpan<byte> bytes)
    {
        string first = Take(ref bytes);
        string second = Take(ref bytes);
        return (first, second, bytes.ToArray());
    }

    private static int Append(byte[] joined, int at, byte[] field)
    {
        BinaryPrimitives.WriteUInt16BigEndian(joined.AsSpan(at), checked((ushort)field.Length));
        field.CopyTo(joined.AsSpan(at + 2));
        return at + 2 + field.Length;
    }

    private static string Take(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2 || bytes.Length - 2 < BinaryPrimitives.ReadUInt16BigEndian(bytes))
        {
            throw new InvalidDataException("A queue body is cut short.");
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        string field = Encoding.UTF8.GetString(bytes.Slice(2, length));
        bytes = bytes[(2 + length)..];
        return field;
    }
}
