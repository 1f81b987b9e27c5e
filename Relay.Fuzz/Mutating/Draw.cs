namespace Relay.Fuzz.Mutating;

/// <summary>Repeatable draws (SplitMix64): the same seed and index draw the same, whatever was drawn before.</summary>
internal sealed class Draw(ulong seed, int index)
{
    private ulong _state = unchecked((seed * 0x9E3779B97F4A7C15) ^ ((ulong)index << 17) ^ (ulong)index);

    public ulong Next()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            ulong z = _state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>From 0 up to, not including, <paramref name="bound"/>; 0 when that is 0.</summary>
    public int Below(int bound) => bound <= 0 ? 0 : (int)(Next() % (ulong)bound);

    public bool Chance(int percent) => Below(100) < percent;

    public T Of<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    public byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)(Next() >> 56);
        }

        return bytes;
    }
}
