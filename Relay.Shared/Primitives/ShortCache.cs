namespace Relay.Shared.Primitives;

/// <summary>
/// Remembers loaded values for a short, fixed time and at most <paramref name="maxEntries"/> of them; absence is not remembered.
/// A value that leaves is only forgotten, never disposed: callers may still hold it.
/// </summary>
public sealed class ShortCache<TKey, TValue>(TimeProvider time, TimeSpan life, int maxEntries)
    where TKey : notnull
    where TValue : class
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, (TValue Value, DateTimeOffset Until)> _entries = [];

    public async ValueTask<TValue?> GetAsync(TKey key, Func<CancellationToken, Task<TValue?>> load, CancellationToken cancellationToken)
    {
        if (TryGet(key) is { } known)
        {
            return known;
        }

        TValue? loaded = await load(cancellationToken);
        if (loaded is not null)
        {
            Put(key, loaded);
        }

        return loaded;
    }

    public TValue? TryGet(TKey key)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(key, out (TValue Value, DateTimeOffset Until) entry) && entry.Until > time.GetUtcNow() ? entry.Value : null;
        }
    }

    public void Put(TKey key, TValue value)
    {
        lock (_gate)
        {
            if (_entries.Count >= maxEntries && !_entries.ContainsKey(key))
            {
                MakeRoom();
            }

            _entries[key] = (value, time.GetUtcNow() + life);
        }
    }

    public void Remove(TKey key)
    {
        lock (_gate)
        {
            _entries.Remove(key);
        }
    }

    private void MakeRoom()
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach (TKey old in _entries.Where(entry => entry.Value.Until <= now).Select(entry => entry.Key).ToList())
        {
            _entries.Remove(old);
        }

        if (_entries.Count >= maxEntries)
        {
            foreach (TKey old in _entries.OrderBy(entry => entry.Value.Until).Take(Math.Max(1, maxEntries / 8)).Select(entry => entry.Key).ToList())
            {
                _entries.Remove(old);
            }
        }
    }
}
