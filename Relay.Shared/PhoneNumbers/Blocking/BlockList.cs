using Relay.Shared.Accounts;
using Relay.Shared.Primitives;

namespace Relay.Shared.PhoneNumbers.Blocking;

/// <summary>
/// Whether a number blocks a user. A number that never blocked anybody costs nothing; for others the list is held in memory: its version is looked at once per
/// half minute and instance, all of it is read only when that has changed.
/// </summary>
public sealed class BlockList(BlockStore store, BlockNames names, TimeProvider time)
{
    private const int MaxLists = 500;
    private const int MaxRenewed = 100_000;

    private readonly ShortCache<(BusinessId, PhoneNumberId), BlockSet> _fresh = new(time, AccountDirectory.CacheLife, MaxLists);
    private readonly ShortCache<(BusinessId, PhoneNumberId), BlockSet> _known = new(time, TimeSpan.FromHours(1), MaxLists);
    private readonly ShortCache<string, object> _renewed = new(time, TimeSpan.FromDays(2), MaxRenewed);

    public async ValueTask<bool> IsBlockedAsync(BusinessNumber number, PhoneNumber user, CancellationToken cancellationToken) =>
        await FindAsync(number, user, cancellationToken) is not null;

    /// <summary>
    /// Whether what a user sends is dropped. Who writes is in contact: the list can show the number for another 29 days.
    /// </summary>
    internal async ValueTask<bool> DropsAsync(BusinessNumber number, PhoneNumber user, CancellationToken cancellationToken)
    {
        if (await FindAsync(number, user, cancellationToken) is not { } name)
        {
            return false;
        }

        string today = $"{number.Id}-{Convert.ToHexStringLower(name)}-{UtcDay.Today(time).Key}";
        if (_renewed.TryGet(today) is null)
        {
            await store.RenewAsync(number.Business, number.Id, name, user, cancellationToken);
            _renewed.Put(today, today);
        }

        return true;
    }

    /// <summary>Looks anew from now on.</summary>
    internal void Forget(BusinessId business, PhoneNumberId number) => _fresh.Remove((business, number));

    /// <summary>The user's name, when the number blocks the user.</summary>
    private async ValueTask<byte[]?> FindAsync(BusinessNumber number, PhoneNumber user, CancellationToken cancellationToken)
    {
        if (!number.HasBlocks
            || await _fresh.GetAsync((number.Business, number.Id), token => LoadAsync(number, token), cancellationToken) is not { } set
            || await names.FindAsync(number.Business, number.Id, user, cancellationToken) is not { } name)
        {
            return null;
        }

        return set.Contains(name) ? name : null;
    }

    private async Task<BlockSet?> LoadAsync(BusinessNumber number, CancellationToken cancellationToken)
    {
        string version = (await store.FindHeadAsync(number.Business, number.Id, cancellationToken))?.Version ?? string.Empty;
        if (_known.TryGet((number.Business, number.Id)) is { } known && known.Version == version)
        {
            return known;
        }

        BlockSet set = await store.LoadAsync(number.Business, number.Id, version, cancellationToken);
        _known.Put((number.Business, number.Id), set);
        return set;
    }
}
