using Relay.Shared.Primitives;
using Relay.Shared.Transport.Numbers;

namespace Relay.Shared.Transport.Registrations;

/// <summary>
/// Accounts as they were up to <see cref="Life"/> ago: enough to know whether a number is registered, and where a business's envelopes go.
/// What a device may read or remove is never decided by it.
/// </summary>
public sealed class KnownAccounts(AccountStore accounts, TimeProvider time)
{
    /// <summary>How long a change may go unnoticed by an instance.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(10);

    private const int MaxCached = 50_000;

    private readonly ShortCache<NumberHash, Account> _known = new(time, Life, MaxCached);

    internal ValueTask<Account?> FindAsync(NumberHash number, CancellationToken cancellationToken) =>
        _known.GetAsync(number, token => accounts.FindAsync(number, token), cancellationToken);

    internal async Task<Account?> ReloadAsync(NumberHash number, CancellationToken cancellationToken)
    {
        Account? account = await accounts.FindAsync(number, cancellationToken);
        if (account is null)
        {
            _known.Remove(number);
        }
        else
        {
            _known.Put(number, account);
        }

        return account;
    }

    /// <summary>The account of a business number, if it is known here; no device's.</summary>
    internal Account? FindBusiness(NumberHash number) => _known.TryGet(number) is { IsBusiness: true } account ? account : null;

    internal void Forget(NumberHash number) => _known.Remove(number);
}
