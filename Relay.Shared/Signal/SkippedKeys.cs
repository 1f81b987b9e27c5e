// spec/signal.md §3.5: kept as 32-byte seeds, since version 4 needs the seed and it is half the size.

using System.Diagnostics;
using System.Security.Cryptography;

namespace Relay.Shared.Signal;

/// <summary>Seeds of messages a chain went past, by ascending counter. Each is given out once and wiped.</summary>
[DebuggerDisplay("[redacted]")]
internal sealed class SkippedKeys : IDisposable
{
    private uint[] _counters;
    private byte[] _seeds;

    internal SkippedKeys()
    {
        _counters = [];
        _seeds = [];
    }

    private SkippedKeys(SkippedKeys other)
    {
        Count = other.Count;
        _counters = other.Counters.ToArray();
        _seeds = other.Seeds.ToArray();
    }

    internal int Count { get; private set; }

    internal ReadOnlySpan<uint> Counters => _counters.AsSpan(0, Count);

    /// <summary>32 bytes for each of <see cref="Counters"/>.</summary>
    internal ReadOnlySpan<byte> Seeds => _seeds.AsSpan(0, Count * SignalKdf.KeyBytes);

    /// <summary>Room for one more seed, to be written by the caller; counters come in ascending order.</summary>
    internal Span<byte> Add(uint counter)
    {
        if (Count == _counters.Length)
        {
            Grow();
        }

        _counters[Count] = counter;
        Count++;
        return Slot(Count - 1);
    }

    internal bool TryTake(uint counter, Span<byte> seed)
    {
        int at = Counters.BinarySearch(counter);
        if (at < 0)
        {
            return false;
        }

        Slot(at).CopyTo(seed);
        Remove(at, 1);
        return true;
    }

    internal void DropOldest(int count) => Remove(0, count);

    internal SkippedKeys Clone() => new(this);

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_seeds);
        Count = 0;
    }

    public override string ToString() => "[redacted]";

    private Span<byte> Slot(int at) => _seeds.AsSpan(at * SignalKdf.KeyBytes, SignalKdf.KeyBytes);

    private void Remove(int at, int count)
    {
        Counters[(at + count)..].CopyTo(_counters.AsSpan(at));
        Seeds[((at + count) * SignalKdf.KeyBytes)..].CopyTo(_seeds.AsSpan(at * SignalKdf.KeyBytes));
        Count -= count;
        CryptographicOperations.ZeroMemory(_seeds.AsSpan(Count * SignalKdf.KeyBytes, count * SignalKdf.KeyBytes));
    }

    private void Grow()
    {
        int capacity = Math.Max(4, Count * 2);
        byte[] seeds = new byte[capacity * SignalKdf.KeyBytes];
        Seeds.CopyTo(seeds);
        CryptographicOperations.ZeroMemory(_seeds);
        _seeds = seeds;
        Array.Resize(ref _counters, capacity);
    }
}
