using Relay.Shared.Primitives;
using Relay.Shared.Transport.Numbers;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Registrations;

/// <summary>From the number in a request to the account that holds it; the common start of everything that is about another number.</summary>
public sealed class FindAccount(NumberHasher hasher, AccountStore accounts)
{
    internal Task<TransportResult<Account>> ExecuteAsync(string text, CancellationToken cancellationToken) =>
        FindAsync(text, hash => accounts.FindAsync(hash, cancellationToken), cancellationToken);

    /// <summary>The same, by an account that may be half a minute old: enough to know where an envelope goes.</summary>
    internal Task<TransportResult<Account>> ExecuteRecentAsync(string text, CancellationToken cancellationToken) =>
        FindAsync(text, hash => accounts.FindRecentAsync(hash, cancellationToken).AsTask(), cancellationToken);

    private async Task<TransportResult<Account>> FindAsync(
        string text, Func<NumberHash, Task<Account?>> find, CancellationToken cancellationToken)
    {
        if (!PhoneNumber.TryParse(text, out PhoneNumber? number))
        {
            return TransportFailures.NotANumber;
        }

        NumberHash hash = await hasher.HashAsync(number, cancellationToken);
        return await find(hash) is { } account ? account : TransportFailures.UnknownNumber;
    }
}
