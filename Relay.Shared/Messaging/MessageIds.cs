// "wamid." + base64( version(1)=1 | nonce(12) | AES-256-GCM( direction(1) ‖ conversation(16) ‖ message(8) ) | tag(16) ).
// The nonce is synthetic: the first 12 bytes of HMAC-SHA256(plaintext ‖ phone number id), so that one message has one id and no
// nonce is ever used for two plaintexts. The phone number id is authenticated data: an id used on another number is unknown.
using System.Security.Cryptography;
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
    private const byte Version = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int PlainSize = 1 + ConversationId.Size + EnvelopeId.Size;
    private const int SubkeySize = 32;
    private const int Size = 1 + NonceSize + PlainSize + TagSize;

    public async ValueTask<string> CreateAsync(BusinessId business, PhoneNumberId number, MessageLocator locator, CancellationToken cancellationToken)
    {
        using SecretBytes subkeys = await SubkeysAsync(business, cancellationToken);
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

        using SecretBytes subkeys = await SubkeysAsync(business, cancellationToken);
        return Read(subkeys.Reveal(), number, id);
    }

    /// <summary>The AES-GCM key and the key of the synthetic nonce.</summary>
    private ValueTask<SecretBytes> SubkeysAsync(BusinessId business, CancellationToken cancellationToken) =>
        keys.DerivedKeysAsync(business.Value, "ids", "relay message id", 2 * SubkeySize, cancellationToken);

    internal static string Create(ReadOnlySpan<byte> subkeys, PhoneNumberId number, MessageLocator locator)
    {
        Span<byte> plain = stackalloc byte[PlainSize];
        plain[0] = (byte)locator.Direction;
        locator.Conversation.ToBytes().CopyTo(plain[1..]);
        locator.Message.ToBytes().CopyTo(plain[(1 + ConversationId.Size)..]);
        byte[] context = Encoding.ASCII.GetBytes(number.Value);

        byte[] bytes = new byte[Size];
        bytes[0] = Version;
        SyntheticNonce(subkeys[SubkeySize..], plain, context).CopyTo(bytes.AsSpan(1));
        using AesGcm aes = new(subkeys[..SubkeySize], TagSize);
        aes.Encrypt(bytes.AsSpan(1, NonceSize), plain, bytes.AsSpan(1 + NonceSize, PlainSize), bytes.AsSpan(Size - TagSize), context);
        return Prefix + Convert.ToBase64String(bytes);
    }

    private static MessageLocator? Read(ReadOnlySpan<byte> subkeys, PhoneNumberId number, string id)
    {
        Span<byte> bytes = stackalloc byte[MaxLength];
        if (!Convert.TryFromBase64Chars(id.AsSpan(Prefix.Length), bytes, out int written) || written != Size || bytes[0] != Version)
        {
            return null;
        }

        bytes = bytes[..Size];
        Span<byte> plain = stackalloc byte[PlainSize];
        try
        {
            using AesGcm aes = new(subkeys[..SubkeySize], TagSize);
            aes.Decrypt(bytes.Slice(1, NonceSize), bytes.Slice(1 + NonceSize, PlainSize), bytes[^TagSize..], plain, Encoding.ASCII.GetBytes(number.Value));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        // One message has one id: a second spelling of the same bytes (base64 with stray bits or spaces) is not an id.
        return plain[0] is (byte)MessageDirection.FromBusiness or (byte)MessageDirection.FromUser && Prefix + Convert.ToBase64String(bytes) == id
            ? new MessageLocator(
                (MessageDirection)plain[0],
                ConversationId.FromBytes(plain.Slice(1, ConversationId.Size)),
                EnvelopeId.FromBytes(plain[(1 + ConversationId.Size)..]))
            : null;
    }

    private static byte[] SyntheticNonce(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> context) =>
        HMACSHA256.HashData(key, [.. plain, .. context])[..NonceSize];
}
