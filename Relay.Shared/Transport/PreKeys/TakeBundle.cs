using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Integrity.Tallies;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.PreKeys;

/// <summary>Hands out a pre-key bundle with one-time keys that nobody else gets. When a stock is used up: without a one-time key, with the last-resort Kyber key.</summary>
public sealed class TakeBundle(FindAccount findAccount, DeviceKeyStore deviceKeys, OneTimeKeyStore stock, LimitDevices limits, CountTraffic traffic)
{
    /// <summary>The same for whoever calls: a business that asks for the keys of a number that nobody has was about to message it, and that is counted.</summary>
    public async Task<TransportResult<BundleResponse>> ExecuteAsync(AuthenticatedDevice caller, DirectoryRequest request, CancellationToken cancellationToken)
    {
        if (limits.TakeBundle(caller) is { } refusal)
        {
            return refusal;
        }

        TransportResult<BundleResponse> taken = await ExecuteAsync(request, cancellationToken);
        if (taken is { IsSuccess: false, Failure.Code: TransportErrorCode.UnknownNumber } && caller.Account.CountedFor is { } business)
        {
            traffic.AddUndeliverable(business);
        }

        return taken;
    }

    public async Task<TransportResult<BundleResponse>> ExecuteAsync(DirectoryRequest request, CancellationToken cancellationToken)
    {
        TransportResult<Account> found = await findAccount.ExecuteAsync(request.Number, cancellationToken);
        if (!found.IsSuccess)
        {
            return found.Failure;
        }

        string partition = found.Value.KeysPartition;
        return await deviceKeys.FindAsync(partition, cancellationToken) is { } published
            ? new BundleResponse
            {
                RegistrationId = published.RegistrationId,
                DeviceId = Account.OnlyDeviceId,
                IdentityKey = published.IdentityKey,
                SignedPreKey = published.SignedPreKey,
                OneTimePreKey = (await stock.TakeAsync(partition, OneTimeKeyKind.Curve25519, cancellationToken))?.ToPreKey(),
                KyberPreKey = published.LastResortKyberPreKey is { } lastResort
                    ? (await stock.TakeAsync(partition, OneTimeKeyKind.Kyber1024, cancellationToken))?.ToKyberPreKey() ?? lastResort
                    : null,
            }
            : TransportFailures.UnknownNumber;
    }
}
