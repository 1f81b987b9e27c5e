using Relay.Shared.Primitives;
using Relay.Shared.Transport.Numbers;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Registrations;

/// <summary>From the number in a request to the account that holds it; the common start of everything that is about another number.</summary>
public sealed class FindAccount(NumberHasher hasher, AccountStore accounts, KnownAccounts known)
{
    /// <summary>As it is now: for what depends on which device holds the number.</summary>
    internal Task<TransportResult<Account>> ExecuteAsync(string text, CancellationToken cancellationToken) =>
        FindAsync(text, hash => new ValueTask<Account?>(accounts.FindAsync(hash, cancellationToken)), cancellationToken);

    /// <summary>As it was a moment ago: for what only depends on the number being registered, and to whom its envelopes go.</summary>
    internal Task<TransportResult<Account>> AddresseeAsync(string text, CancellationToken cancellationToken) =>
        FindAsync(text, hash => known.FindAsync(hash, cancellationToken), cancellationToken);

    private async Task<TransportResult<Account>> FindAsync(string text, Func<NumberHash, ValueTask<Account?>> find, CancellationToken cancellationToken)
    {
        if (!PhoneNumber.TryParse(text, out PhoneNumber? number))
        {
            return TransportFailures.NotANumber;
        }

        NumberHash hash = await hasher.HashAsync(number, cancellationToken);
        return await find(hash) is { } account ? account : TransportFailures.UnknownNumber;
    }
}
