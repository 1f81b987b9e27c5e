using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Sealing;

/// <summary>
/// The data keys of every tenant: one per UTC day, and long-lived ones by name (letters first). Each is 256 random bits whose
/// only lasting copy is a wrapped, signed row of table <c>dek</c>. Callers have the use of a key until they dispose of it.
/// </summary>
public sealed class KeyRing
{
    private const int MaxDestroyedPerRun = 400;

    /// <summary>From this day of a month on the next month's key-encryption key is made: a vault makes 20 in 10 s, too few for all tenants on the first.</summary>
    private const int PreparedFrom = 22;

    /// <summary>Months without timers that are caught up with.</summary>
    private const int MaxMonthsBack = 6;

    private const int MaxDoneMonths = 100_000;

    private readonly IKeyWrapper _wrapper;
    private readonly ShortCache<KekName, KekName> _done;
    private readonly ShortCache<KekName, KekName> _prepared;
    private readonly DekTable _dek;
    private readonly KeyCache _cache;
    private readonly TimeProvider _time;

    public KeyRing(ITableStore tables, IKeyWrapper wrapper, TimeProvider time)
    {
        _dek = new DekTable(tables, wrapper, time);
        _cache = new KeyCache(time);
        _wrapper = wrapper;
        Signer = new StatementSigner(wrapper);
        _done = new ShortCache<KekName, KekName>(time, TimeSpan.FromDays(1), MaxDoneMonths);
        _prepared = new ShortCache<KekName, KekName>(time, TimeSpan.FromDays(1), MaxDoneMonths);
        _time = time;
    }

    /// <summary>Signs what is to be proven later, with the vault's signing key.</summary>
    public StatementSigner Signer { get; }

    /// <summary>The key of a day that may still be read; null when it was destroyed, is too old or was never made.</summary>
    public ValueTask<KeyLease?> FindDayKeyAsync(string tenant, UtcDay day, CancellationToken cancellationToken) =>
        day < Retention.FirstLiveDay(UtcDay.Today(_time)) ? default : FindAsync(KeyPlace.Of(tenant, day), cancellationToken);

    /// <summary>The key to seal with on <paramref name="day"/>; made on its first use if that day is today, never for another day.</summary>
    /// <exception cref="SealBrokenException">There is no key of that day and none may be made.</exception>
    public ValueTask<KeyLease> DayKeyAsync(string tenant, UtcDay day, CancellationToken cancellationToken) =>
        // A row of a dead day that is there was not destroyed yet, or somebody put it back.
        day < Retention.FirstLiveDay(UtcDay.Today(_time))
            ? throw new SealBrokenException("There is no key for that day any more.")
            : RequireAsync(KeyPlace.Of(tenant, day), cancellationToken);

    /// <summary>A long-lived key, made on its first use.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="name">Starts with a letter, so that it can't be taken for a day.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public ValueTask<KeyLease> NamedKeyAsync(string tenant, string name, CancellationToken cancellationToken) =>
        RequireAsync(KeyPlace.Of(tenant, name), cancellationToken);

    /// <summary>A long-lived key, or null: never made, or destroyed.</summary>
    public ValueTask<KeyLease?> FindNamedKeyAsync(string tenant, string name, CancellationToken cancellationToken) =>
        FindAsync(KeyPlace.Of(tenant, name), cancellationToken);

    /// <summary>Destroys a long-lived key; that it isn't there is no error.</summary>
    public async Task DestroyNamedAsync(string tenant, string name, CancellationToken cancellationToken)
    {
        await _dek.DeleteAsync(tenant, name, cancellationToken);
        _cache.Remove(tenant, place => place.Name == name);
    }

    /// <summary>
    /// Keys derived from a long-lived one by HKDF-SHA256, kept like it: a derivation costs more than most of what is done with it.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="name">The long-lived key.</param>
    /// <param name="purpose">What the derived keys are for: HKDF's info.</param>
    /// <param name="size">In bytes.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public ValueTask<KeyLease> DerivedKeysAsync(string tenant, string name, string purpose, int size, CancellationToken cancellationToken)
    {
        KeyPlace place = KeyPlace.Of(tenant, name, purpose);
        return _cache.TryGet(place, false, out KeyLease? known) && known is { } key ? ValueTask.FromResult(key) : LoadDerivedAsync(place, size, cancellationToken);
    }

    /// <summary>Destroys the keys of all days before <paramref name="firstLive"/>; says how many.</summary>
    public Task<int> DestroyDaysBeforeAsync(string tenant, UtcDay firstLive, CancellationToken cancellationToken) =>
        DestroyDaysBeforeAsync(tenant, firstLive, static (_, _) => Task.CompletedTask, cancellationToken);

    /// <summary>The same, after <paramref name="note"/> has taken down which ones will go, if there are any.</summary>
    internal async Task<int> DestroyDaysBeforeAsync(
        string tenant, UtcDay firstLive, Func<IReadOnlyList<StoredKey>, CancellationToken, Task> note, CancellationToken cancellationToken)
    {
        int destroyed = await _dek.DestroyDaysBeforeAsync(tenant, firstLive, MaxDestroyedPerRun, note, cancellationToken);
        _cache.Remove(tenant, place => place.IsDay && place.Day < firstLive);
        return destroyed;
    }

    /// <summary>
    /// Wraps the tenant's long-lived keys under this month's key-encryption key, and then destroys those of the months whose last day is dead:
    /// from then on even a copy of the table opens nothing of those days. Late in a month it also makes the next one's. May run at any time, twice, and
    /// die in between.
    /// </summary>
    /// <returns>How many keys were wrapped anew.</returns>
    public async Task<int> RotateAsync(string tenant, CancellationToken cancellationToken)
    {
        if (await _dek.IsClosedAsync(tenant, cancellationToken))
        {
            return 0;
        }

        int wrapped = await _dek.RewrapAsync(tenant, cancellationToken);
        UtcDay firstLive = Retention.FirstLiveDay(UtcDay.Today(_time));
        UtcDay first = new(new DateOnly(firstLive.Date.Year, firstLive.Date.Month, 1));
        for (int back = 1; back <= MaxMonthsBack; back++)
        {
            await DestroyAsync(KekName.Of(tenant, new UtcDay(first.Date.AddMonths(-back))), cancellationToken);
        }

        await PrepareAsync(tenant, UtcDay.Today(_time), cancellationToken);
        return wrapped;
    }

    /// <summary>What is known of a stored key without opening it; null when there is none of that name or day.</summary>
    internal Task<StoredKey?> FindStoredAsync(string tenant, string name, CancellationToken cancellationToken) => _dek.FindStoredAsync(tenant, name, cancellationToken);

    /// <summary>The tenant's oldest day key that is still there.</summary>
    internal Task<StoredKey?> FindOldestDayAsync(string tenant, CancellationToken cancellationToken) => _dek.FindFirstAsync(tenant, "0", ":", cancellationToken);

    /// <summary>The first of a tenant's long-lived keys, by name, that start with <paramref name="prefix"/>.</summary>
    internal Task<StoredKey?> FindFirstNamedAsync(string tenant, string prefix, CancellationToken cancellationToken) =>
        _dek.FindFirstAsync(tenant, prefix, prefix + "~", cancellationToken);

    /// <summary>Whether the tenant gets no keys any more.</summary>
    public Task<bool> IsClosedAsync(string tenant, CancellationToken cancellationToken) => _dek.IsClosedAsync(tenant, cancellationToken);

    /// <summary>Destroys all that a tenant has: its keys, then their key-encryption keys. What they sealed is gone with it. Repeat it until it returns true.</summary>
    public async Task<bool> DestroyTenantAsync(string tenant, CancellationToken cancellationToken)
    {
        int destroyed = await _dek.DestroyAllAsync(tenant, MaxDestroyedPerRun, cancellationToken);
        _cache.Remove(tenant, static _ => true);
        if (destroyed == MaxDestroyedPerRun)
        {
            return false;
        }

        // From the next month on: another instance's clock may be ahead.
        DateOnly today = UtcDay.Today(_time).Date;
        for (int back = -1; back <= MaxMonthsBack; back++)
        {
            // Whatever was destroyed before: somebody may have made it since.
            await _wrapper.DestroyAsync(KekName.Of(tenant, new UtcDay(today.AddMonths(-back))), cancellationToken);
        }

        return true;
    }

    private async Task PrepareAsync(string tenant, UtcDay today, CancellationToken cancellationToken)
    {
        KekName next = KekName.Of(tenant, new UtcDay(today.Date.AddMonths(1)));
        if (today.Date.Day >= PreparedFrom && _prepared.TryGet(next) is null)
        {
            await _wrapper.PrepareAsync(next, cancellationToken);
            _prepared.Put(next, next);
        }
    }

    /// <summary>Once a day and instance: the vault is asked no more often than that.</summary>
    private async Task DestroyAsync(KekName kek, CancellationToken cancellationToken)
    {
        if (_done.TryGet(kek) is null)
        {
            await _wrapper.DestroyAsync(kek, cancellationToken);
            _done.Put(kek, kek);
        }
    }

    // What loads stands apart from what looks: a method makes its closures when it is entered, and a hit must make none.
    private ValueTask<KeyLease?> FindAsync(KeyPlace place, CancellationToken cancellationToken) =>
        _cache.TryGet(place, true, out KeyLease? known) ? ValueTask.FromResult(known) : LoadAsync(place, cancellationToken);

    private ValueTask<KeyLease?> LoadAsync(KeyPlace place, CancellationToken cancellationToken) =>
        _cache.GetAsync(place, true, token => _dek.LoadAsync(place.Tenant, place.Row, token), cancellationToken);

    private ValueTask<KeyLease> RequireAsync(KeyPlace place, CancellationToken cancellationToken) =>
        _cache.TryGet(place, false, out KeyLease? known) && known is { } key ? ValueTask.FromResult(key) : LoadOrCreateAsync(place, cancellationToken);

    private async ValueTask<KeyLease> LoadOrCreateAsync(KeyPlace place, CancellationToken cancellationToken) =>
        Required(place, await _cache.GetAsync(place, false, token => LoadOrCreateKeyAsync(place, token), cancellationToken));

    private async ValueTask<KeyLease> LoadDerivedAsync(KeyPlace place, int size, CancellationToken cancellationToken) =>
        Required(place, await _cache.GetAsync(place, false, token => DeriveAsync(place, size, token), cancellationToken));

    private static KeyLease Required(KeyPlace place, KeyLease? found) => found ?? throw new SealBrokenException(
        place.IsDay ? "There is no key for that day, and one is never made for a day other than today." : "A long-lived key was destroyed.");

    private async Task<SecretBytes?> DeriveAsync(KeyPlace place, int size, CancellationToken cancellationToken)
    {
        using KeyLease key = await NamedKeyAsync(place.Tenant, place.Name, cancellationToken);
        byte[] derived = new byte[size];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key.Reveal(), derived, [], Encoding.UTF8.GetBytes(place.Purpose));
        return SecretBytes.Own(derived);
    }

    private async Task<SecretBytes?> LoadOrCreateKeyAsync(KeyPlace place, CancellationToken cancellationToken)
    {
        bool mayCreate = !place.IsDay || place.Day == UtcDay.Today(_time);
        if (await _dek.LoadAsync(place.Tenant, place.Row, cancellationToken) is { } existing)
        {
            return existing;
        }

        if (!mayCreate)
        {
            return null;
        }

        await _dek.CreateAsync(place.Tenant, place.Row, cancellationToken);
        return await _dek.LoadAsync(place.Tenant, place.Row, cancellationToken);
    }
}
