using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.PreKeys;

/// <summary>Refills a device's stocks and rotates its signed and last-resort pre-keys. May be repeated: no key enters a stock twice.</summary>
public sealed class UploadKeys(DeviceKeyStore deviceKeys, OneTimeKeyStore stock, CountKeys count)
{
    public async Task<TransportResult<KeyCountResponse>> ExecuteAsync(
        AuthenticatedDevice device, UploadKeysRequest request, CancellationToken cancellationToken)
    {
        string partition = device.Account.KeysPartition;
        if (await deviceKeys.FindAsync(partition, cancellationToken) is not { } published)
        {
            return TransportFailures.UnknownNumber;
        }

        if (DeviceKeyRules.Check(request, published.IdentityKey) is { } failure)
        {
            return failure;
        }

        if (request.SignedPreKey is not null || request.LastResortKyberPreKey is not null)
        {
            await deviceKeys.ReplaceAsync(partition, request.SignedPreKey, request.LastResortKyberPreKey, cancellationToken);
        }

        PublishedKeys now = published with
        {
            SignedPreKey = request.SignedPreKey ?? published.SignedPreKey,
            LastResortKyberPreKey = request.LastResortKyberPreKey ?? published.LastResortKyberPreKey,
        };
        KeyCountResponse stocked = await count.CountAsync(partition, now, cancellationToken);
        if (request.OneTimePreKeys.Count + request.KyberPreKeys.Count == 0)
        {
            return stocked;
        }

        int room = TransportLimits.MaxPreKeysStored - stocked.OneTimePreKeys;
        int kyberRoom = TransportLimits.MaxKyberPreKeysStored - stocked.KyberPreKeys;
        await stock.AddAsync(
            partition,
            [.. OneTimeKey.From(request.OneTimePreKeys.Take(room)), .. OneTimeKey.From(request.KyberPreKeys.Take(kyberRoom))],
            cancellationToken);
        return await count.CountAsync(partition, now, cancellationToken);
    }
}
