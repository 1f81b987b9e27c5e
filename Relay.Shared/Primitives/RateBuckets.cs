using System.Runtime.InteropServices;

namespace Relay.Shared.Primitives;

/// <summary>
/// Token buckets in memory, one per key, each kept as the time at which it is full again (GCRA). A full bucket is as good as none
/// and is forgotten within a minute of use; there are never more than the given number, and when all of them are in use those nearest to full go first.
/// </summary>
internal sealed class RateBuckets<TKey>
    where TKey : notnull
{
    // A power of two: it masks hash codes.
    private const int ShardCount = 16;

    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly Shard[] _shards;

    public RateBuckets(TimeProvider time, int maxEntries)
    {
        _time = time;
        _origin = time.GetTimestamp();
        _shards = [.. Enumerable.Range(0, ShardCount).Select(_ => new Shard(Math.Max(1, maxEntries / ShardCount)))];
    }

    /// <summary>How many buckets are kept.</summary>
    internal int Count => _shards.Sum(shard => shard.Count);

    /// <summary>Takes one; when there is none, says after how long there will be.</summary>
    public bool TryTake(TKey key, Rate rate, out TimeSpan wait) => ShardOf(key).TryTake(key, rate, Now, out wait);

    /// <summary>Takes one even if there is none; an empty bucket stays empty and owes nothing.</summary>
    public void Drain(TKey key, Rate rate) => ShardOf(key).Drain(key, rate, Now);

    /// <summary>Puts one back.</summary>
    public void GiveBack(TKey key, Rate rate) => ShardOf(key).GiveBack(key, rate, Now);

    private long Now => _time.GetElapsedTime(_origin).Ticks;

    private Shard ShardOf(TKey key) => _shards[key.GetHashCode() & (ShardCount - 1)];

    private sealed class Shard(int maxEntries)
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<TKey, long> _fullAt = [];
        private long _nextSweep;

        internal int Count
        {
            get
            {
                lock (_gate)
                {
                    return _fullAt.Count;
                }
            }
        }

        internal bool TryTake(TKey key, Rate rate, long now, out TimeSpan wait)
        {
            lock (_gate)
            {
                ref long fullAt = ref Find(key, now);
                long start = Math.Max(fullAt, now);
                long tolerated = (rate.Burst - 1) * rate.Interval.Ticks;
                wait = TimeSpan.FromTicks(Math.Max(0, start - now - tolerated));
                if (wait == TimeSpan.Zero)
                {
                    fullAt = start + rate.Interval.Ticks;
                }

                return wait == TimeSpan.Zero;
            }
        }

        internal void Drain(TKey key, Rate rate, long now)
        {
            lock (_gate)
            {
                ref long fullAt = ref Find(key, now);
                long empty = now + (rate.Burst * rate.Interval.Ticks);
                fullAt = Math.Max(fullAt, Math.Min(Math.Max(fullAt, now) + rate.Interval.Ticks, empty));
            }
        }

        internal void GiveBack(TKey key, Rate rate, long now)
        {
            lock (_gate)
            {
                if (!_fullAt.TryGetValue(key, out long fullAt))
                {
                    return;
                }

                if (fullAt - rate.Interval.Ticks <= now)
                {
                    _fullAt.Remove(key);
                }
                else
                {
                    _fullAt[key] = fullAt - rate.Interval.Ticks;
                }
            }
        }

        private ref long Find(TKey key, long now)
        {
            if (now >= _nextSweep || (_fullAt.Count >= maxEntries && !_fullAt.ContainsKey(key)))
            {
                MakeRoom(now);
            }

            return ref CollectionsMarshal.GetValueRefOrAddDefault(_fullAt, key, out _);
        }

        private void MakeRoom(long now)
        {
            _nextSweep = now + SweepEvery.Ticks;
            foreach (TKey full in _fullAt.Where(bucket => bucket.Value <= now).Select(bucket => bucket.Key).ToList())
            {
                _fullAt.Remove(full);
            }

            if (_fullAt.Count >= maxEntries)
            {
                foreach (TKey nearest in _fullAt.OrderBy(bucket => bucket.Value).Take(Math.Max(1, maxEntries / 8)).Select(bucket => bucket.Key).ToList())
                {
                    _fullAt.Remove(nearest);
                }
            }
        }
    }
}
