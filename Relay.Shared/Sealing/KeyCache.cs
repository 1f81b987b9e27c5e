using Relay.Shared.Primitives;

namespace Relay.Shared.Sealing;

/// <summary>
/// Unwrapped keys in memory: at most one hour, at most <see cref="MaxEntries"/>, zeroed when they leave, one load at a time per
/// key; "there is no such key" is remembered for a minute. Callers get copies, so an eviction never pulls a key from under them.
/// </summary>
internal sealed class KeyCache(TimeProvider time)
{
    internal const int MaxEntries = 4096;

    internal static readonly TimeSpan KeyLife = TimeSpan.FromHours(1);
    internal static readonly TimeSpan AbsenceLife = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Tenant, string Name), Entry> _entries = [];
    private readonly Dictionary<(string Tenant, string Name), Task> _loads = [];

    /// <param name="tenant">The tenant.</param>
    /// <param name="name">The day or name.</param>
    /// <param name="mayBeAbsent">Whether a remembered absence is an answer; not for a caller whose load would make the key.</param>
    /// <param name="load">Finds (or makes) the key.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async ValueTask<SecretBytes?> GetAsync(
        string tenant, string name, bool mayBeAbsent, Func<CancellationToken, Task<SecretBytes?>> load, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Who waits goes on where the load ends: nothing is held there, and no thread is needed for it.
            TaskCompletionSource mine = new();
            Task? other;
            lock (_gate)
            {
                if (TryCopy((tenant, name), mayBeAbsent, out SecretBytes? copy))
                {
                    return copy;
                }

                if (!_loads.TryGetValue((tenant, name), out other))
                {
                    _loads[(tenant, name)] = mine.Task;
                }
            }

            if (other is not null)
            {
                await other.WaitAsync(cancellationToken);
                continue;
            }

            try
            {
                SecretBytes? loaded = await load(cancellationToken);
                Put((tenant, name), loaded);
                return loaded;
            }
            finally
            {
                lock (_gate)
                {
                    _loads.Remove((tenant, name));
                }

                mine.SetResult();
            }
        }
    }

    internal void Remove(string tenant, Func<string, bool> names)
    {
        lock (_gate)
        {
            foreach ((string Tenant, string Name) key in _entries.Keys.Where(key => key.Tenant == tenant && names(key.Name)).ToList())
            {
                Drop(key);
            }
        }
    }

    private bool TryCopy((string Tenant, string Name) key, bool mayBeAbsent, out SecretBytes? copy)
    {
        copy = null;
        if (!_entries.TryGetValue(key, out Entry? entry))
        {
            return false;
        }

        if (entry.Until <= time.GetUtcNow() || (entry.Key is null && !mayBeAbsent))
        {
            Drop(key);
            return false;
        }

        copy = entry.Key is null ? null : SecretBytes.CopyOf(entry.Key.Reveal());
        return true;
    }

    private void Put((string Tenant, string Name) key, SecretBytes? value)
    {
        lock (_gate)
        {
            Drop(key);
            if (_entries.Count >= MaxEntries)
            {
                MakeRoom();
            }

            // The entry owns its own copy: the loader's value goes back to the first caller.
            _entries[key] = new Entry(
                value is null ? null : SecretBytes.CopyOf(value.Reveal()),
                time.GetUtcNow() + (value is null ? AbsenceLife : KeyLife));
        }
    }

    private void MakeRoom()
    {
        foreach ((string Tenant, string Name) key in _entries.OrderBy(entry => entry.Value.Until).Take(MaxEntries / 8).Select(entry => entry.Key).ToList())
        {
            Drop(key);
        }
    }

    private void Drop((string Tenant, string Name) key)
    {
        if (_entries.Remove(key, out Entry? entry))
        {
            entry.Key?.Dispose();
        }
    }

    private sealed class Entry(SecretBytes? key, DateTimeOffset until)
    {
        public SecretBytes? Key { get; } = key;

        public DateTimeOffset Until { get; } = until;
    }
}
