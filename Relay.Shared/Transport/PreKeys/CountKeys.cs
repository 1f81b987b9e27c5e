using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.PreKeys;

/// <summary>Tells a device when to refill its stock.</summary>
public sealed class CountKeys(DeviceKeyStore deviceKeys)
{
    public async Task<TransportResult<KeyCountResponse>> ExecuteAsync(AuthenticatedDevice device, CancellationToken cancellationToken)
    {
        string partition = device.Account.KeysPartition;
        return await deviceKeys.FindAsync(partition, cancellationToken) is { } published
            ? new KeyCountResponse(
                published.SignedPreKey.Id, Math.Min(await deviceKeys.CountAsync(partition, cancellationToken), TransportLimits.MaxPreKeysStored))
            : TransportFailures.UnknownNumber;
    }
}
