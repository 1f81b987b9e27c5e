using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.PreKeys;

/// <summary>Hands out a pre-key bundle with a one-time key that nobody else gets, or without one when the stock is used up.</summary>
public sealed class TakeBundle(FindAccount findAccount, DeviceKeyStore deviceKeys)
{
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
                OneTimePreKey = await deviceKeys.TakeAsync(partition, cancellationToken),
            }
            : TransportFailures.UnknownNumber;
    }
}
