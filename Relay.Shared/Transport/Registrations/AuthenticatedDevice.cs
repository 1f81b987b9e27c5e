using Relay.Shared.Primitives;
using Relay.Shared.Transport.Numbers;

namespace Relay.Shared.Transport.Registrations;

/// <summary>A caller that has proved to hold a number; only <see cref="AuthenticateDevice"/> makes one.</summary>
public sealed class AuthenticatedDevice
{
    internal AuthenticatedDevice(PhoneNumber number, Account account)
    {
        Number = number;
        Account = account;
    }

    public PhoneNumber Number { get; }

    public Account Account { get; }

    public NumberHash Hash => Account.Number;
}
