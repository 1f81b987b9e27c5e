using Relay.Shared.Primitives;
using Relay.Shared.Transport.Numbers;

namespace Relay.Shared.Transport.Registrations;

/// <summary>Tells whether a caller is the device that holds a number. An unknown number and a wrong credential look the same.</summary>
public sealed class AuthenticateDevice(NumberHasher hasher, AccountStore accounts)
{
    public async Task<AuthenticatedDevice?> ExecuteAsync(PhoneNumber number, Secret credential, CancellationToken cancellationToken)
    {
        NumberHash hash = await hasher.HashAsync(number, cancellationToken);
        Account? account = await accounts.FindAsync(hash, cancellationToken);
        return DeviceCredentials.Matches(account, credential) && account is not null ? new AuthenticatedDevice(number, account) : null;
    }
}
