using Relay.Shared.Primitives;
using Relay.Shared.Transport.Blocks;
using Relay.Shared.Transport.Expiry;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Registrations;

/// <summary>
/// Gives a device's number up: it is nobody's until somebody registers it, and nobody can send to it. Whom it blocked is forgotten, its keys go with the expiry timer; what waits for it goes when its life
/// ends, or is the next device's to find unreadable. May be repeated.
/// </summary>
public sealed class ReleaseNumber(AccountStore accounts, UserBlockStore blocks, KnownAccounts known, TransportExpiryIndex expiry, TimeProvider time)
{
    private const int MaxRaces = 16;

    public async Task<TransportResult<ReleaseNumberResponse>> ExecuteAsync(AuthenticatedDevice device, CancellationToken cancellationToken)
    {
        for (int race = 0; race < MaxRaces; race++)
        {
            // Whoever took the number over since then keeps it.
            if (await accounts.FindAsync(device.Hash, cancellationToken) is not { } account || account.Device != device.Account.Device)
            {
                return new ReleaseNumberResponse();
            }

            await expiry.NoteAsync(UtcDay.Today(time), ExpiryKind.DeviceKeys, account.KeysPartition, cancellationToken);
            try
            {
                if (await accounts.TryRemoveAsync(account, cancellationToken))
                {
                    await blocks.DeleteAsync(account.Number, account.Device, cancellationToken);
                    return new ReleaseNumberResponse();
                }
            }
            finally
            {
                known.Forget(device.Hash);
            }
        }

        return TransportFailures.TooMany(TimeSpan.FromSeconds(1));
    }
}
