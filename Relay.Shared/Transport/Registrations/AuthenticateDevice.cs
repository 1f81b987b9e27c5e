using Relay.Shared.Primitives;
using Relay.Shared.Transport.Numbers;

namespace Relay.Shared.Transport.Registrations;

/// <summary>
/// Tells whether a caller is the device that holds a number. An unknown number and a wrong credential look the same. A relay's credential is
/// believed for <see cref="KnownAccounts.Life"/> without another look: it fetches nothing and acknowledges nothing.
/// </summary>
public sealed class AuthenticateDevice(NumberHasher hasher, KnownAccounts accounts)
{
    public async Task<AuthenticatedDevice?> ExecuteAsync(PhoneNumber number, Secret credential, CancellationToken cancellationToken)
    {
        NumberHash hash = await hasher.HashAsync(number, cancellationToken);
        if (accounts.FindBusiness(hash) is { } business && DeviceCredentials.Matches(business, credential))
        {
            return new AuthenticatedDevice(number, business);
        }

        Account? account = await accounts.ReloadAsync(hash, cancellationToken);
        return DeviceCredentials.Matches(account, credential) && account is not null ? new AuthenticatedDevice(number, account) : null;
    }
}
