using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.Messaging;

/// <summary>
/// Business-scoped user ids (BSUID): an encrypted conversation id under the business's id key, so that they say nothing of the user and end
/// with the conversation, 30 days after its last message. One form per user and number; another tenant's, another number's or a forged one is unknown.
/// </summary>
/// <remarks>The form is the Cloud API's, two letters, a point and letters or digits. The letters are always <c>ZZ</c>, ISO 3166's for an unknown country.</remarks>
public sealed class UserIds(KeyRing keys)
{
    private const string Prefix = "ZZ.";
    private const string Context = "user";

    public async ValueTask<string> CreateAsync(BusinessId business, PhoneNumberId number, ConversationId conversation, CancellationToken cancellationToken)
    {
        using KeyLease subkeys = await SubkeysAsync(business, cancellationToken);
        byte[] plain = conversation.ToBytes();
        byte[] context = ContextOf(number);
        return Prefix + Convert.ToHexString(OpaqueForm.Seal(subkeys.Reveal(), [.. plain, .. context], plain, context));
    }

    /// <summary>The conversation, or null: not an id of this business and number.</summary>
    public async ValueTask<ConversationId?> ReadAsync(BusinessId business, PhoneNumberId number, string? id, CancellationToken cancellationToken)
    {
        if (id is null
            || id.Length != Prefix.Length + (2 * (ConversationId.Size + OpaqueForm.Overhead))
            || !id.StartsWith(Prefix, StringComparison.Ordinal)
            || !id.Skip(Prefix.Length).All(char.IsAsciiHexDigitUpper))
        {
            return null;
        }

        using KeyLease subkeys = await SubkeysAsync(business, cancellationToken);
        return OpaqueForm.Open(subkeys.Reveal(), Convert.FromHexString(id.AsSpan(Prefix.Length)), ContextOf(number)) is { } plain
            ? ConversationId.FromBytes(plain)
            : null;
    }

    private static byte[] ContextOf(PhoneNumberId number) => Encoding.ASCII.GetBytes($"{Context} {number.Value}");

    private ValueTask<KeyLease> SubkeysAsync(BusinessId business, CancellationToken cancellationToken) =>
        keys.DerivedKeysAsync(business.Value, "ids", "relay user id", OpaqueForm.KeysSize, cancellationToken);
}
