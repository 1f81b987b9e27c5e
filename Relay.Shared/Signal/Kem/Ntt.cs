// FIPS 203 §4.3 (algorithms 9 to 12): the number-theoretic transform. Coefficients are signed representatives of at
// most 16 bits, eight to a vector; the roots are kept as zeta^BitRev7(i) * 2^16, products carry a factor 2^-16 that the callers undo.
// Limits: fixed loops only; every index is public. Where the processor has no such vectors, .NET does the same by halves.

using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Relay.Shared.Signal.Kem;

/// <summary>The transform, its inverse, and products of transformed polynomials.</summary>
internal static class Ntt
{
    internal const int N = 256;

    private const int Zeta = 17;

    // 2^32 / 128 mod q, centred: divides by 128 and multiplies by 2^16 in one Montgomery multiplication.
    private const int InverseFactor = 1441;

    private static readonly int[] Roots = MakeRoots();

    /// <summary>In place. In: |x| &lt;= q. Out: |x| &lt;= q/2.</summary>
    internal static void Forward(Span<int> f)
    {
        int next = 1;
        for (int length = 128; length >= 2; length >>= 1)
        {
            for (int start = 0; start < N; start += 2 * length)
            {
                Split(Roots[next], f.Slice(start, length), f.Slice(start + length, length));
                next++;
            }
        }

        Reduce(f);
    }

    /// <summary>In place, times 2^16 (which cancels the factor of a product). In and out: |x| &lt; q.</summary>
    internal static void Inverse(Span<int> f)
    {
        int next = 127;
        for (int length = 2; length <= 128; length <<= 1)
        {
            for (int start = 0; start < N; start += 2 * length)
            {
                Join(Roots[next], f.Slice(start, length), f.Slice(start + length, length));
                next--;
            }
        }

        Multiply(f, InverseFactor);
    }

    /// <summary>
    /// The inner product of count polynomials of <paramref name="a"/>, <paramref name="stride"/> apart, with those of
    /// <paramref name="b"/>, times 2^-16. In: |a| &lt; q, |b| &lt;= q/2 or the reverse, count at most 4. Out: |x| &lt; q.
    /// </summary>
    internal static void InnerProduct(Span<int> product, ReadOnlySpan<int> a, int stride, ReadOnlySpan<int> b, int count)
    {
        product = product[..N];
        Span<int> sums = stackalloc int[N];
        sums.Clear();
        for (int i = 0; i < count; i++)
        {
            Accumulate(sums, a.Slice(i * stride, N), b.Slice(i * N, N));
        }

        Span<Vector256<int>> products = Vectors(product);
        Span<Vector256<int>> reduced = Vectors(sums);
        for (int i = 0; i < products.Length && i < reduced.Length; i++)
        {
            products[i] = Zq.Montgomery(reduced[i]);
        }

        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(sums));
    }

    /// <summary>In place: x becomes x * 2^16. |x| &lt; q on both sides.</summary>
    internal static void ToMontgomery(Span<int> f) => Multiply(f, Zq.RadixSquared);

    internal static void Add(Span<int> sum, ReadOnlySpan<int> addend)
    {
        Span<Vector256<int>> sums = Vectors(sum);
        ReadOnlySpan<Vector256<int>> addends = MemoryMarshal.Cast<int, Vector256<int>>(addend);
        for (int i = 0; i < sums.Length && i < addends.Length; i++)
        {
            sums[i] += addends[i];
        }
    }

    internal static void Subtract(Span<int> difference, ReadOnlySpan<int> subtrahend)
    {
        Span<Vector256<int>> differences = Vectors(difference);
        ReadOnlySpan<Vector256<int>> subtrahends = MemoryMarshal.Cast<int, Vector256<int>>(subtrahend);
        for (int i = 0; i < differences.Length && i < subtrahends.Length; i++)
        {
            differences[i] -= subtrahends[i];
        }
    }

    internal static void Reduce(Span<int> f)
    {
        foreach (ref Vector256<int> x in Vectors(f))
        {
            x = Zq.Barrett(x);
        }
    }

    // By a factor that carries 2^16.
    private static void Multiply(Span<int> f, int factor)
    {
        foreach (ref Vector256<int> x in Vectors(f))
        {
            x = Zq.Montgomery(x * factor);
        }
    }

    // A layer adds less than q: 8 q after seven of them.
    private static void Split(int zeta, Span<int> low, Span<int> high)
    {
        Span<Vector256<int>> lows = Vectors(low);
        Span<Vector256<int>> highs = Vectors(high);
        for (int j = 0; j < lows.Length && j < highs.Length; j++)
        {
            Vector256<int> t = Zq.Montgomery(highs[j] * zeta);
            highs[j] = lows[j] - t;
            lows[j] += t;
        }

        // The last two layers are narrower than a vector.
        for (int j = 0; lows.IsEmpty && j < low.Length && j < high.Length; j++)
        {
            unchecked
            {
                int t = Zq.Montgomery(zeta * high[j]);
                high[j] = low[j] - t;
                low[j] += t;
            }
        }
    }

    private static void Join(int zeta, Span<int> low, Span<int> high)
    {
        Span<Vector256<int>> lows = Vectors(low);
        Span<Vector256<int>> highs = Vectors(high);
        for (int j = 0; j < lows.Length && j < highs.Length; j++)
        {
            Vector256<int> difference = highs[j] - lows[j];
            lows[j] = Zq.Barrett(lows[j] + highs[j]);
            highs[j] = Zq.Montgomery(difference * zeta);
        }

        for (int j = 0; lows.IsEmpty && j < low.Length && j < high.Length; j++)
        {
            unchecked
            {
                int difference = high[j] - low[j];
                low[j] = Zq.Barrett(low[j] + high[j]);
                high[j] = Zq.Montgomery(zeta * difference);
            }
        }
    }

    private static Span<Vector256<int>> Vectors(Span<int> f) => MemoryMarshal.Cast<int, Vector256<int>>(f);

    // Modulo X^2 - zeta and X^2 + zeta by turns. Each of at most 4 rounds adds less than q^2 to a sum, within Montgomery's q * 2^15.
    private static void Accumulate(Span<int> sums, ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        unchecked
        {
            ReadOnlySpan<int> roots = Roots.AsSpan(64, 64);
            for (int i = 0; i + 3 < N; i += 4)
            {
                int zeta = roots[i >> 2];
                Span<int> sum = sums.Slice(i, 4);
                ReadOnlySpan<int> x = a.Slice(i, 4);
                ReadOnlySpan<int> y = b.Slice(i, 4);
                sum[0] += (x[0] * y[0]) + (Zq.Montgomery(x[1] * y[1]) * zeta);
                sum[1] += (x[0] * y[1]) + (x[1] * y[0]);
                sum[2] += (x[2] * y[2]) - (Zq.Montgomery(x[3] * y[3]) * zeta);
                sum[3] += (x[2] * y[3]) + (x[3] * y[2]);
            }
        }
    }

    private static int[] MakeRoots()
    {
        int[] roots = new int[128];
        for (int i = 0; i < roots.Length; i++)
        {
            int exponent = 0;
            for (int bit = 0; bit < 7; bit++)
            {
                exponent |= ((i >> bit) & 1) << (6 - bit);
            }

            int root = (int)BigInteger.ModPow(Zeta, exponent, Zq.Q);
            roots[i] = Zq.Barrett((int)(((long)root << 16) % Zq.Q));
        }

        return roots;
    }
}
