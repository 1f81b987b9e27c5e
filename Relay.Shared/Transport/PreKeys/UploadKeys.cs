using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.PreKeys;

/// <summary>Refills a device's stock and rotates its signed pre-key. May be repeated: no key enters the stock twice.</summary>
public sealed class UploadKeys(DeviceKeyStore deviceKeys)
{
    public async Task<TransportResult<KeyCountResponse>> ExecuteAsync(
        AuthenticatedDevice device, UploadKeysRequest request, CancellationToken cancellationToken)
    {
        string partition = device.Account.KeysPartition;
        if (await deviceKeys.FindAsync(partition, cancellationToken) is not { } published)
        {
            return TransportFailures.UnknownNumber;
        }

        if (DeviceKeyRules.Check(request.OneTimePreKeys) is { } failure)
        {
            return failure;
        }

        if (request.SignedPreKey is { } signed)
        {
            if (DeviceKeyRules.Check(signed, published.IdentityKey) is { } wrong)
            {
                return wrong;
            }

            await deviceKeys.ReplaceSignedAsync(partition, signed, cancellationToken);
        }

        int stock = await deviceKeys.CountAsync(partition, cancellationToken);
        int room = Math.Max(0, TransportLimits.MaxPreKeysStored - stock);
        if (room > 0 && request.OneTimePreKeys.Count > 0)
        {
            await deviceKeys.AddAsync(partition, request.OneTimePreKeys.Take(room), cancellationToken);
            stock = await deviceKeys.CountAsync(partition, cancellationToken);
        }

        return new KeyCountResponse((request.SignedPreKey ?? published.SignedPreKey).Id, Math.Min(stock, TransportLimits.MaxPreKeysStored));
    }
}
