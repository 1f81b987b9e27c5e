using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts.Apps;

/// <summary>Leads an app's id to its business; remembers found ones for half a minute.</summary>
public sealed class FindApp(BusinessStore businesses, AccountDirectory accounts, TimeProvider time)
{
    private readonly ShortCache<string, Owner> _owners = new(time, AccountDirectory.CacheLife, 10_000);

    internal async ValueTask<Business?> ExecuteAsync(string appId, CancellationToken cancellationToken)
    {
        Owner? owner = await _owners.GetAsync(
            appId, async token => await businesses.FindByAppAsync(appId, token) is { } id ? new Owner(id) : null, cancellationToken);
        return owner is null ? null : await accounts.FindBusinessAsync(owner.Business, cancellationToken);
    }

    private sealed record Owner(BusinessId Business);
}
