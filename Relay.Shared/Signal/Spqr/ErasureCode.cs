// spec/signal.md §4.1: a text of n chunks is 16 interleaved polynomials; word p of chunk i is the value of polynomial p at
// x = i. Chunks below n are the text itself; any n different chunks give it back. Lagrange's formula with its denominators
// (weights) calculated once a set of points:  f(x) = sum of y_j * w_j * product of (x - x_k), k other than j.

using System.Runtime.Intrinsics;

namespace Relay.Shared.Signal.Spqr;

/// <summary>Interpolation of chunks.</summary>
internal static class ErasureCode
{
    internal const int ChunkBytes = 32;

    /// <summary>Chunks of the longest text, the vector of an ML-KEM-768 key.</summary>
    internal const int MaxChunks = 36;

    /// <summary>w_j = 1 / product of (x_j - x_k), k other than j. The points MUST differ.</summary>
    internal static void WriteWeights(ReadOnlySpan<ushort> points, Span<ushort> weights)
    {
        for (int j = 0; j < points.Length; j++)
        {
            ushort product = 1;
            for (int k = 0; k < points.Length; k++)
            {
                if (k != j)
                {
                    product = BinaryField.Multiply(product, (ushort)(points[j] ^ points[k]));
                }
            }

            weights[j] = BinaryField.Invert(product);
        }
    }

    /// <summary>The chunk at <paramref name="x"/> of the text that has the given ones at the given points.</summary>
    internal static void Interpolate(
        ReadOnlySpan<ushort> points, ReadOnlySpan<ushort> weights, ReadOnlySpan<Vector256<ushort>> chunks, ushort x, Span<byte> chunk)
    {
        Span<ushort> factors = stackalloc ushort[MaxChunks];
        factors = factors[..points.Length];
        ushort before = 1;
        for (int j = 0; j < points.Length; j++)
        {
            factors[j] = BinaryField.Multiply(weights[j], before);
            before = BinaryField.Multiply(before, (ushort)(x ^ points[j]));
        }

        ushort after = 1;
        for (int j = points.Length - 1; j >= 0; j--)
        {
            factors[j] = BinaryField.Multiply(factors[j], after);
            after = BinaryField.Multiply(after, (ushort)(x ^ points[j]));
        }

        BinaryField.Write(BinaryField.Combine(chunks, factors), chunk);
    }

    internal static void Read(ReadOnlySpan<byte> bytes, Span<Vector256<ushort>> chunks)
    {
        for (int i = 0; i < chunks.Length; i++)
        {
            chunks[i] = BinaryField.Read(bytes.Slice(i * ChunkBytes, ChunkBytes));
        }
    }
}
