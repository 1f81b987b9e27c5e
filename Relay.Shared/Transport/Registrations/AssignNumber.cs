using Relay.Shared.Primitives;
using Relay.Shared.Transport.Expiry;
using Relay.Shared.Transport.Numbers;
using Relay.Shared.Transport.PreKeys;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Registrations;

/// <summary>
/// The common end of both registrations: keys first, then the one write that hands the number over. Whoever takes a bundle in
/// between still gets the old device whole. The partitions of keys that this may leave behind (the old device's, or the new
/// one's after a crash before that write) are noted beforehand and removed by the expiry timer.
/// Waiting envelopes stay: whether it can read them is the new device's to find out and to act on, not the transport's.
/// </summary>
public sealed class AssignNumber(AccountStore accounts, KnownAccounts known, DeviceKeyStore deviceKeys, TransportExpiryIndex expiry, TimeProvider time)
{
    private const int MaxRaces = 16;

    /// <summary>
    /// With a claim only a number that no other device of a relay holds: of two businesses that claim one number, the first has it.
    /// </summary>
    internal async Task<TransportResult<DeviceCredentialResponse>> ExecuteAsync(
        NumberHash number, DeviceKeys keys, BusinessClaim? claim, CancellationToken cancellationToken)
    {
        Secret credential = DeviceCredentials.Create();
        Account account = new(number, Account.DeviceOf(keys.IdentityKey), DeviceCredentials.Hash(credential), null) { Business = claim?.Business };
        UtcDay today = UtcDay.Today(time);
        for (int race = 0; race < MaxRaces; race++)
        {
            Account? before = await accounts.FindAsync(number, cancellationToken);
            bool isAnother = before is not null && before.Device != account.Device;
            if (isAnother && claim is not null && before is { IsBusiness: true })
            {
                return TransportFailures.NumberTaken;
            }

            if (claim is not null && claim.Signed <= (before?.Signed ?? await accounts.LastSignedAsync(number, cancellationToken)))
            {
                return TransportFailures.Overtaken;
            }

            if (isAnother && before is not null)
            {
                await expiry.NoteAsync(today, ExpiryKind.DeviceKeys, before.KeysPartition, cancellationToken);
            }

            await expiry.NoteAsync(today, ExpiryKind.DeviceKeys, account.KeysPartition, cancellationToken);
            await deviceKeys.PublishAsync(account.KeysPartition, keys, cancellationToken);
            try
            {
                if (await accounts.TryPutAsync(account with { Signed = claim?.Signed ?? before?.Signed, HasBlocks = !isAnother && before is { HasBlocks: true } }, claim?.Push, before, cancellationToken))
                {
                    return new DeviceCredentialResponse(Account.OnlyDeviceId, credential.Reveal());
                }
            }
            finally
            {
                // Also when the answer was lost: the write may have happened.
                known.Forget(number);
            }
        }

        return TransportFailures.TooMany(TimeSpan.FromSeconds(1));
    }
}
