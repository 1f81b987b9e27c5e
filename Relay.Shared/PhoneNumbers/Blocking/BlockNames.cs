using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.PhoneNumbers.Blocking;

/// <summary>
/// Names blocked users by keyed hashes: HMAC-SHA256 of phone number id and user, each with its length, under the business's key <c>blocks</c>. That key is made
/// with the first block and lives until the business is closed, as a block does (docs/privacy.md).
/// </summary>
public sealed class BlockNames(KeyRing keys)
{
    private const string Key = "blocks";

    /// <summary>Makes the key if need be: for a business that is about to block somebody.</summary>
    internal async ValueTask<byte[]> NameAsync(BusinessId business, PhoneNumberId number, PhoneNumber user, CancellationToken cancellationToken)
    {
        using KeyLease key = await keys.NamedKeyAsync(business.Value, Key, cancellationToken);
        return Hash(key, number, user);
    }

    /// <summary>Null for a business that never blocked anybody.</summary>
    internal async ValueTask<byte[]?> FindAsync(BusinessId business, PhoneNumberId number, PhoneNumber user, CancellationToken cancellationToken)
    {
        using KeyLease? key = await keys.FindNamedKeyAsync(business.Value, Key, cancellationToken);
        return key is { } lease ? Hash(lease, number, user) : null;
    }

    private static byte[] Hash(KeyLease key, PhoneNumberId number, PhoneNumber user)
    {
        Span<byte> input = stackalloc byte[128];
        int length = Append(input, 0, number.Value);
        length = Append(input, length, user.Digits);
        return HMACSHA256.HashData(key.Reveal(), input[..length]);
    }

    private static int Append(Span<byte> input, int at, string text)
    {
        int length = Encoding.ASCII.GetBytes(text, input[(at + 4)..]);
        BinaryPrimitives.WriteInt32BigEndian(input[at..], length);
        return at + 4 + length;
    }
}
