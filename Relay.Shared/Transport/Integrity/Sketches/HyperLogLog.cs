// Flajolet et al. 2007 with 2^15 registers, estimated as Ertl 2017 (arXiv:1702.01284, algorithm 6), which needs no bias table and holds from 0 on.
// Packed: 32,768 registers of 6 bits, the highest bit first: 24,576 bytes.
using System.Numerics;

namespace Relay.Shared.Transport.Integrity.Sketches;

/// <summary>
/// Estimates how many distinct 64-bit hashes were added: standard error 0.57 %. Adding twice, merging twice or in another order gives the same registers, so that no
/// retry and no duplicate can change what it says.
/// </summary>
public sealed class HyperLogLog
{
    /// <summary>Encoded, in bytes.</summary>
    public const int Size = Registers * RegisterBits / 8;

    private const int Precision = 15;
    private const int Registers = 1 << Precision;
    private const int RegisterBits = 6;

    /// <summary>The highest rank: one more than the bits that are left of a hash.</summary>
    private const int MaxRank = 64 - Precision + 1;

    private readonly byte[] _registers = new byte[Registers];
    private long? _estimate = 0;

    /// <summary>Says whether that changed anything.</summary>
    public bool Add(ulong hash)
    {
        int index = (int)(hash >> (64 - Precision));
        byte rank = (byte)Math.Min(MaxRank, BitOperations.LeadingZeroCount(hash << Precision) + 1);
        if (_registers[index] >= rank)
        {
            return false;
        }

        _registers[index] = rank;
        _estimate = null;
        return true;
    }

    /// <summary>Says whether that changed anything.</summary>
    public bool Merge(HyperLogLog other)
    {
        bool changed = false;
        for (int i = 0; i < Registers; i++)
        {
            if (other._registers[i] > _registers[i])
            {
                _registers[i] = other._registers[i];
                _estimate = null;
                changed = true;
            }
        }

        return changed;
    }

    public long Estimate() => _estimate ??= Calculate();

    private long Calculate()
    {
        int[] ranks = new int[MaxRank + 1];
        foreach (byte rank in _registers)
        {
            ranks[rank]++;
        }

        double z = Registers * Tau((double)(Registers - ranks[MaxRank]) / Registers);
        for (int rank = MaxRank - 1; rank >= 1; rank--)
        {
            z = 0.5 * (z + ranks[rank]);
        }

        z += Registers * Sigma((double)ranks[0] / Registers);
        const double Alpha = 0.7213475204444817; // 1 / (2 ln 2)
        return (long)Math.Round(Alpha * Registers * Registers / z);
    }

    public byte[] Encode()
    {
        byte[] packed = new byte[Size];
        for (int i = 0; i < Registers; i++)
        {
            int bit = i * RegisterBits;
            int word = _registers[i] << (16 - RegisterBits - (bit & 7));
            packed[bit >> 3] |= (byte)((word >> 8) & 0xFF);
            if ((bit & 7) > 8 - RegisterBits)
            {
                packed[(bit >> 3) + 1] |= (byte)(word & 0xFF);
            }
        }

        return packed;
    }

    /// <exception cref="InvalidDataException">It is no encoded one.</exception>
    public static HyperLogLog Decode(ReadOnlySpan<byte> packed)
    {
        if (packed.Length != Size)
        {
            throw new InvalidDataException("A sketch has the wrong size.");
        }

        HyperLogLog sketch = new() { _estimate = null };
        for (int i = 0; i < Registers; i++)
        {
            int bit = i * RegisterBits;
            int word = (packed[bit >> 3] << 8) | ((bit >> 3) + 1 < Size ? packed[(bit >> 3) + 1] : 0);
            int rank = (word >> (16 - RegisterBits - (bit & 7))) & ((1 << RegisterBits) - 1);
            sketch._registers[i] = rank <= MaxRank ? (byte)rank : throw new InvalidDataException("A sketch has a rank that no hash gives.");
        }

        return sketch;
    }

    private static double Sigma(double x)
    {
        if (x >= 1)
        {
            return double.PositiveInfinity;
        }

        double z = x;
        double before;
        double y = 1;
        do
        {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        }
        while (z > before);
        return z;
    }

    private static double Tau(double x)
    {
        if (x is 0 or 1)
        {
            return 0;
        }

        double z = 1 - x;
        double before;
        double y = 1;
        do
        {
            x = Math.Sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        }
        while (z < before);
        return z / 3;
    }
}
