using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.Conversations.Lookups;

/// <summary>Names the rows of table <c>lookup</c> by keyed hashes.</summary>
internal sealed class LookupPlaces(KeyRing keys)
{
    /// <summary>Makes the epoch's key if need be.</summary>
    internal async ValueTask<LookupPlace> PlaceAsync(
        BusinessId business, LookupEpoch epoch, PhoneNumberId number, PhoneNumber user, CancellationToken cancellationToken)
    {
        using KeyLease key = await keys.NamedKeyAsync(business.Value, epoch.KeyName, cancellationToken);
        return new LookupPlace(business, epoch, Hash(key, number, user));
    }

    /// <summary>Null when the business has no key of that epoch: then there is no row either.</summary>
    internal async ValueTask<LookupPlace?> FindPlaceAsync(
        BusinessId business, LookupEpoch epoch, PhoneNumberId number, PhoneNumber user, CancellationToken cancellationToken)
    {
        using KeyLease? key = await keys.FindNamedKeyAsync(business.Value, epoch.KeyName, cancellationToken);
        return key is { } lease ? new LookupPlace(business, epoch, Hash(lease, number, user)) : null;
    }

    private static string Hash(KeyLease key, PhoneNumberId number, PhoneNumber user)
    {
        Span<byte> input = stackalloc byte[128];
        int length = Append(input, 0, number.Value);
        length = Append(input, length, user.Digits);
        return Convert.ToHexStringLower(HMACSHA256.HashData(key.Reveal(), input[..length]));
    }

    private static int Append(Span<byte> input, int at, string text)
    {
        int length = Encoding.ASCII.GetBytes(text, input[(at + 4)..]);
        BinaryPrimitives.WriteInt32BigEndian(input[at..], length);
        return at + 4 + length;
    }
}
