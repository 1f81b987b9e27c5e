using Relay.Shared.Primitives;

namespace Relay.Shared.Sealing;

/// <summary>
/// Unwrapped keys in memory: at most one hour, at most <see cref="MaxEntries"/>, one load at a time per key; "there is no such key" is
/// remembered for a minute. A key that leaves is zeroed as soon as nobody uses it. A hit allocates nothing.
/// </summary>
internal sealed class KeyCache(TimeProvider time)
{
    internal const int MaxEntries = 4096;

    internal static readonly TimeSpan KeyLife = TimeSpan.FromHours(1);
    internal static readonly TimeSpan AbsenceLife = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<KeyPlace, Entry> _entries = [];
    private readonly Dictionary<KeyPlace, Load> _loads = [];

    /// <summary>The key, if it is here; true with null: it is known that there is none.</summary>
    /// <param name="place">Which key.</param>
    /// <param name="mayBeAbsent">Whether a remembered absence is an answer; not for a caller whose load would make the key.</param>
    /// <param name="lease">The use of the key.</param>
    internal bool TryGet(KeyPlace place, bool mayBeAbsent, out KeyLease? lease)
    {
        lock (_gate)
        {
            return TryLend(place, mayBeAbsent, out lease);
        }
    }

    /// <param name="place">Which key.</param>
    /// <param name="mayBeAbsent">As for <see cref="TryGet"/>.</param>
    /// <param name="load">Finds (or makes) the key, which then is the cache's.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async ValueTask<KeyLease?> GetAsync(
        KeyPlace place, bool mayBeAbsent, Func<CancellationToken, Task<SecretBytes?>> load, CancellationToken cancellationToken)
    {
        while (true)
        {
            Load mine = new();
            Load? other;
            lock (_gate)
            {
                if (TryLend(place, mayBeAbsent, out KeyLease? known))
                {
                    return known;
                }

                if (!_loads.TryGetValue(place, out other))
                {
                    _loads[place] = mine;
                }
            }

            if (other is not null)
            {
                await other.Ended.Task.WaitAsync(cancellationToken);
                continue;
            }

            try
            {
                return Keep(place, mine, await load(cancellationToken));
            }
            finally
            {
                lock (_gate)
                {
                    _loads.Remove(place);
                }

                mine.Ended.SetResult();
            }
        }
    }

    /// <summary>They leave, also those that are being loaded: who asked for them gets them, nobody after.</summary>
    internal void Remove(string tenant, Func<KeyPlace, bool> which)
    {
        lock (_gate)
        {
            foreach (KeyPlace place in _entries.Keys.Where(place => place.Tenant == tenant && which(place)).ToList())
            {
                Drop(place);
            }

            foreach ((_, Load load) in _loads.Where(load => load.Key.Tenant == tenant && which(load.Key)))
            {
                load.IsRemoved = true;
            }
        }
    }

    private bool TryLend(KeyPlace place, bool mayBeAbsent, out KeyLease? lease)
    {
        lease = null;
        if (!_entries.TryGetValue(place, out Entry entry))
        {
            return false;
        }

        if (entry.Until <= time.GetUtcNow() || (entry.Key is null && !mayBeAbsent))
        {
            Drop(place);
            return false;
        }

        lease = entry.Key?.Lend();
        return true;
    }

    private KeyLease? Keep(KeyPlace place, Load load, SecretBytes? loaded)
    {
        SharedKey? key = loaded is null ? null : new SharedKey(loaded);
        KeyLease? lease = key?.Lend();
        lock (_gate)
        {
            Drop(place);
            if (load.IsRemoved)
            {
                key?.Leave();
                return lease;
            }

            if (_entries.Count >= MaxEntries)
            {
                MakeRoom();
            }

            _entries[place] = new Entry(key, time.GetUtcNow() + (key is null ? AbsenceLife : KeyLife));
            return lease;
        }
    }

    private void MakeRoom()
    {
        foreach (KeyPlace place in _entries.OrderBy(entry => entry.Value.Until).Take(MaxEntries / 8).Select(entry => entry.Key).ToList())
        {
            Drop(place);
        }
    }

    private void Drop(KeyPlace place)
    {
        if (_entries.Remove(place, out Entry entry))
        {
            entry.Key?.Leave();
        }
    }

    /// <param name="Key">Null: there is none.</param>
    /// <param name="Until">When it leaves.</param>
    private readonly record struct Entry(SharedKey? Key, DateTimeOffset Until);

    private sealed class Load
    {
        /// <summary>Who waits goes on where the load ends: nothing is held there, and no thread is needed for it.</summary>
        public TaskCompletionSource Ended { get; } = new();

        public bool IsRemoved { get; set; }
    }
}
