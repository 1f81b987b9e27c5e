using Relay.Shared.Primitives;
using Relay.Shared.Transport.Numbers;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Registrations;

/// <summary>From the number in a request to the account that holds it; the common start of everything that is about another number.</summary>
public sealed class FindAccount(NumberHasher hasher, AccountStore accounts)
{
    internal async Task<TransportResult<Account>> ExecuteAsync(string text, CancellationToken cancellationToken)
    {
        if (!PhoneNumber.TryParse(text, out PhoneNumber? number))
        {
            return TransportFailures.NotANumber;
        }

        NumberHash hash = await hasher.HashAsync(number, cancellationToken);
        return await accounts.FindAsync(hash, cancellationToken) is { } account ? account : TransportFailures.UnknownNumber;
    }
}
