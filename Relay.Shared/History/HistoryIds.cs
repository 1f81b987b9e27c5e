using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Conversations;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.History;

/// <summary>
/// Ids of entries of the message history: digits only, as the Cloud API's are. The decimal form of an encrypted place, which also names
/// the business number; nobody else's, no <c>wamid</c> and no forged one opens.
/// </summary>
public sealed class HistoryIds(OpaqueBytes opaque)
{
    /// <summary>The longest text worth trying, in digits.</summary>
    internal const int MaxLength = 160;

    private const string Purpose = "relay history id";
    private const int NumberDigits = 20;
    private const char NumberPadding = 'f';
    private const int NumberSize = NumberDigits / 2;
    private const int PlainSize = 1 + NumberSize + ConversationId.Size + EnvelopeId.Size;

    internal async ValueTask<string> CreateAsync(BusinessId business, HistoryPlace place, CancellationToken cancellationToken)
    {
        byte[] plain =
        [
            (byte)place.Message.Direction,
            .. Convert.FromHexString(place.Number.Value.PadLeft(NumberDigits, NumberPadding)),
            .. place.Message.Conversation.ToBytes(),
            .. place.Message.Message.ToBytes(),
        ];
        byte[] bytes = await opaque.SealAsync(business, Purpose, business.Value, plain, cancellationToken);
        return new BigInteger(bytes, isUnsigned: true, isBigEndian: true).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The place, or null: not an id of this business.</summary>
    internal async ValueTask<HistoryPlace?> ReadAsync(BusinessId business, string id, CancellationToken cancellationToken)
    {
        if (id.Length is 0 or > MaxLength || id[0] == '0' || id.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }

        byte[] bytes = BigInteger.Parse(id, System.Globalization.CultureInfo.InvariantCulture).ToByteArray(isUnsigned: true, isBigEndian: true);
        return bytes.Length == PlainSize + OpaqueForm.Overhead
            && await opaque.OpenAsync(business, Purpose, business.Value, bytes, cancellationToken) is { } plain
            && PhoneNumberId.TryParse(Convert.ToHexStringLower(plain, 1, NumberSize).TrimStart(NumberPadding), out PhoneNumberId number)
            ? new HistoryPlace(number, new MessageLocator(
                (MessageDirection)plain[0],
                ConversationId.FromBytes(plain.AsSpan(1 + NumberSize, ConversationId.Size)),
                EnvelopeId.FromBytes(plain.AsSpan(1 + NumberSize + ConversationId.Size))))
            : null;
    }

    /// <summary>The id of one event: digits that say nothing and lead nowhere.</summary>
    internal static string OfEvent(ConversationKey key, string rowKey, SubscriberId? subscriber)
    {
        byte[] hash = SHA256.HashData(Encoding.ASCII.GetBytes($"{key.Partition}/{rowKey}/{subscriber?.Value}"));
        return (BitConverter.ToUInt64(hash) >> 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}

/// <summary>Where an entry of the history is: the business number, and the row that holds its message.</summary>
internal readonly record struct HistoryPlace(PhoneNumberId Number, MessageLocator Message);
