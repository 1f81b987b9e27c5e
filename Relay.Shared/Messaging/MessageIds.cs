// "wamid." + base64( OpaqueForm of direction(1) ‖ conversation(16) ‖ message(8) ). The synthetic nonce is over plaintext ‖ phone number id; the
// phone number id is the context: an id used on another number is unknown.
using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.Messaging;

/// <summary>Who wrote a message.</summary>
public enum MessageDirection : byte
{
    FromBusiness = 1,
    FromUser = 2,
}

/// <summary>Where a message is: what a message id (<c>wamid</c>) holds, encrypted.</summary>
public readonly record struct MessageLocator(MessageDirection Direction, ConversationId Conversation, EnvelopeId Message);

/// <summary>
/// Message ids that look like the Cloud API's and say nothing: an encrypted locator under the business's id key. Another tenant's,
/// another number's or a forged id doesn't open and is unknown.
/// </summary>
public sealed class MessageIds(KeyRing keys)
{
    /// <summary>The longest text worth trying, in characters.</summary>
    public const int MaxLength = 200;

    private const string Prefix = "wamid.";
    private const int PlainSize = 1 + ConversationId.Size + EnvelopeId.Size;

    public async ValueTask<string> CreateAsync(BusinessId business, PhoneNumberId number, MessageLocator locator, CancellationToken cancellationToken)
    {
        using KeyLease subkeys = await SubkeysAsync(business, cancellationToken);
        return Create(subkeys.Reveal(), number, locator);
    }

    /// <summary>Fetches what ids are made with, for a caller who must not fail afterwards.</summary>
    internal async ValueTask<MessageIdMaker> OpenAsync(BusinessId business, PhoneNumberId number, CancellationToken cancellationToken) =>
        new(await SubkeysAsync(business, cancellationToken), number);

    /// <summary>The locator, or null: not an id of this business and number.</summary>
    public async ValueTask<MessageLocator?> ReadAsync(BusinessId business, PhoneNumberId number, string? id, CancellationToken cancellationToken)
    {
        if (id is null || id.Length > MaxLength || !id.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        using KeyLease subkeys = await SubkeysAsync(business, cancellationToken);
        return Read(subkeys.Reveal(), number, id);
    }

    private ValueTask<KeyLease> SubkeysAsync(BusinessId business, CancellationToken cancellationToken) =>
        keys.DerivedKeysAsync(business.Value, "ids", "relay message id", OpaqueForm.KeysSize, cancellationToken);

    internal static string Create(ReadOnlySpan<byte> subkeys, PhoneNumberId number, MessageLocator locator)
    {
        byte[] plain = [(byte)locator.Direction, .. locator.Conversation.ToBytes(), .. locator.Message.ToBytes()];
        byte[] context = Encoding.ASCII.GetBytes(number.Value);
        return Prefix + Convert.ToBase64String(OpaqueForm.Seal(subkeys, [.. plain, .. context], plain, context));
    }

    private static MessageLocator? Read(ReadOnlySpan<byte> subkeys, PhoneNumberId number, string id)
    {
        Span<byte> bytes = stackalloc byte[MaxLength];
        if (!Convert.TryFromBase64Chars(id.AsSpan(Prefix.Length), bytes, out int written)
            || written != PlainSize + OpaqueForm.Overhead
            || OpaqueForm.Open(subkeys, bytes[..written], Encoding.ASCII.GetBytes(number.Value)) is not { } plain)
        {
            return null;
        }

        // One message has one id: a second spelling of the same bytes (base64 with stray bits or spaces) is not an id.
        return plain[0] is (byte)MessageDirection.FromBusiness or (byte)MessageDirection.FromUser && Prefix + Convert.ToBase64String(bytes[..written]) == id
            ? new MessageLocator(
                (MessageDirection)plain[0],
                ConversationId.FromBytes(plain.AsSpan(1, ConversationId.Size)),
                EnvelopeId.FromBytes(plain.AsSpan(1 + ConversationId.Size)))
            : null;
    }
}
