using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.PreKeys;

/// <summary>Tells which identity key a number's device published; spends nothing.</summary>
public sealed class FindIdentity(FindAccount findAccount, DeviceKeyStore deviceKeys)
{
    public async Task<TransportResult<IdentityResponse>> ExecuteAsync(DirectoryRequest request, CancellationToken cancellationToken)
    {
        TransportResult<Account> found = await findAccount.ExecuteAsync(request.Number, cancellationToken);
        if (!found.IsSuccess)
        {
            return found.Failure;
        }

        return await deviceKeys.FindAsync(found.Value.KeysPartition, cancellationToken) is { } published
            ? new IdentityResponse(published.RegistrationId, published.IdentityKey)
            : TransportFailures.UnknownNumber;
    }
}
