using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Transport.Numbers;

namespace Relay.Shared.Transport.Integrity.Sketches;

/// <summary>
/// What stands for a user in a business's sketches: 8 bytes of an HMAC under a key of that business and UTC day. A key is used on its day and on the next, and then
/// destroyed: from then on nobody can ask a sketch for a number, nor join two of them.
/// </summary>
public sealed class SketchItems(TransportKeys keys)
{
    private const string KeyPrefix = "sketch-";
    private const int KeySize = 32;

    /// <summary>Keys destroyed in one run: a year of outage.</summary>
    private const int MaxDestroyed = 400;

    /// <param name="business">As its account has it.</param>
    /// <param name="keyDay">Today or yesterday: another day's key is gone, and is not to be made again.</param>
    /// <param name="user">Whom.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async ValueTask<ulong> OfAsync(string business, UtcDay keyDay, NumberHash user, CancellationToken cancellationToken)
    {
        using KeyLease key = await keys.Ring.DerivedKeysAsync(TransportKeys.Tenant, KeyPrefix + keyDay.Key, business, KeySize, cancellationToken);
        return BinaryPrimitives.ReadUInt64BigEndian(HMACSHA256.HashData(key.Reveal(), Encoding.ASCII.GetBytes(user.Hex)));
    }

    /// <summary>Destroys the keys of all days before <paramref name="firstLive"/>; says how many.</summary>
    internal async Task<int> DestroyBeforeAsync(UtcDay firstLive, CancellationToken cancellationToken)
    {
        int destroyed = 0;
        while (destroyed < MaxDestroyed
            && await keys.Ring.FindFirstNamedAsync(TransportKeys.Tenant, KeyPrefix, cancellationToken) is { } first
            && UtcDay.TryParse(first.Name[KeyPrefix.Length..], out UtcDay day)
            && day < firstLive)
        {
            await keys.Ring.DestroyNamedAsync(TransportKeys.Tenant, first.Name, cancellationToken);
            destroyed++;
        }

        return destroyed;
    }
}
