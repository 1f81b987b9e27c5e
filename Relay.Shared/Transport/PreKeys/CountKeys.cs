using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.PreKeys;

/// <summary>Tells a device which of its keys are published, and when to refill its stock.</summary>
public sealed class CountKeys(DeviceKeyStore deviceKeys, OneTimeKeyStore stock)
{
    public async Task<TransportResult<KeyCountResponse>> ExecuteAsync(AuthenticatedDevice device, CancellationToken cancellationToken) =>
        await deviceKeys.FindAsync(device.Account.KeysPartition, cancellationToken) is { } published
            ? await CountAsync(device.Account.KeysPartition, published, cancellationToken)
            : TransportFailures.UnknownNumber;

    internal async Task<KeyCountResponse> CountAsync(string partition, PublishedKeys published, CancellationToken cancellationToken) => new(
        published.SignedPreKey.Id,
        Math.Min(
            await stock.CountAsync(partition, OneTimeKeyKind.Curve25519, TransportLimits.MaxPreKeysStored, cancellationToken),
            TransportLimits.MaxPreKeysStored))
    {
        LastResortKyberPreKeyId = published.LastResortKyberPreKey?.Id,
        KyberPreKeys = Math.Min(
            await stock.CountAsync(partition, OneTimeKeyKind.Kyber1024, TransportLimits.MaxKyberPreKeysStored, cancellationToken),
            TransportLimits.MaxKyberPreKeysStored),
    };
}
