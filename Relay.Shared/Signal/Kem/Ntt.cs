// FIPS 203 §4.3 (algorithms 9 to 12): the number-theoretic transform. Coefficients are signed 16-bit representatives, the
// roots are kept as zeta^BitRev7(i) * 2^16, products carry a factor 2^-16 that the callers undo.
// Limits: fixed loops only; every index is public.

using System.Numerics;

namespace Relay.Shared.Signal.Kem;

/// <summary>The transform, its inverse, and products of transformed polynomials.</summary>
internal static class Ntt
{
    internal const int N = 256;

    private const int Zeta = 17;

    // 2^32 / 128 mod q, centred: divides by 128 and multiplies by 2^16 in one Montgomery multiplication.
    private const int InverseFactor = 1441;

    private static readonly short[] Roots = MakeRoots();

    /// <summary>In place. In: |x| &lt;= q. Out: |x| &lt;= q/2.</summary>
    internal static void Forward(Span<short> f)
    {
        f = f[..N];
        unchecked
        {
            int next = 1;
            for (int length = 128; length >= 2; length >>= 1)
            {
                for (int start = 0; start < N; start += 2 * length)
                {
                    int zeta = Roots[next++];
                    Span<short> low = f.Slice(start, length);
                    Span<short> high = f.Slice(start + length, length);
                    for (int j = 0; j < low.Length && j < high.Length; j++)
                    {
                        // Grows by less than q a layer: 8 q after seven, which 16 bits hold.
                        int t = Zq.Montgomery(zeta * high[j]);
                        high[j] = (short)(low[j] - t);
                        low[j] = (short)(low[j] + t);
                    }
                }
            }
        }

        Reduce(f);
    }

    /// <summary>In place, times 2^16 (which cancels the factor of a product). In and out: |x| &lt; q.</summary>
    internal static void Inverse(Span<short> f)
    {
        f = f[..N];
        unchecked
        {
            int next = 127;
            for (int length = 2; length <= 128; length <<= 1)
            {
                for (int start = 0; start < N; start += 2 * length)
                {
                    int zeta = Roots[next--];
                    Span<short> low = f.Slice(start, length);
                    Span<short> high = f.Slice(start + length, length);
                    for (int j = 0; j < low.Length && j < high.Length; j++)
                    {
                        int a = low[j];
                        int b = high[j];
                        low[j] = (short)Zq.Barrett(a + b);
                        high[j] = (short)Zq.Montgomery(zeta * (b - a));
                    }
                }
            }

            foreach (ref short x in f)
            {
                x = (short)Zq.Montgomery(InverseFactor * x);
            }
        }
    }

    /// <summary>
    /// The inner product of count polynomials of <paramref name="a"/>, <paramref name="stride"/> apart, with those of
    /// <paramref name="b"/>, times 2^-16. In: |a| &lt; q, |b| &lt;= q/2 or the reverse, count at most 4. Out: |x| &lt; q.
    /// </summary>
    internal static void InnerProduct(Span<short> product, ReadOnlySpan<short> a, int stride, ReadOnlySpan<short> b, int count)
    {
        product = product[..N];
        Span<int> sums = stackalloc int[N];
        sums.Clear();
        for (int i = 0; i < count; i++)
        {
            Accumulate(sums, a.Slice(i * stride, N), b.Slice(i * N, N));
        }

        unchecked
        {
            for (int i = 0; i < product.Length && i < sums.Length; i++)
            {
                product[i] = (short)Zq.Montgomery(sums[i]);
            }
        }

        sums.Clear();
    }

    /// <summary>In place: x becomes x * 2^16. |x| &lt; q on both sides.</summary>
    internal static void ToMontgomery(Span<short> f)
    {
        unchecked
        {
            foreach (ref short x in f)
            {
                x = (short)Zq.Montgomery(Zq.RadixSquared * x);
            }
        }
    }

    internal static void Add(Span<short> sum, ReadOnlySpan<short> addend)
    {
        unchecked
        {
            for (int i = 0; i < sum.Length && i < addend.Length; i++)
            {
                sum[i] = (short)(sum[i] + addend[i]);
            }
        }
    }

    internal static void Subtract(Span<short> difference, ReadOnlySpan<short> subtrahend)
    {
        unchecked
        {
            for (int i = 0; i < difference.Length && i < subtrahend.Length; i++)
            {
                difference[i] = (short)(difference[i] - subtrahend[i]);
            }
        }
    }

    internal static void Reduce(Span<short> f)
    {
        unchecked
        {
            foreach (ref short x in f)
            {
                x = (short)Zq.Barrett(x);
            }
        }
    }

    // Modulo X^2 - zeta and X^2 + zeta by turns. Each of at most 4 rounds adds less than q^2 to a sum, within Montgomery's q * 2^15.
    private static void Accumulate(Span<int> sums, ReadOnlySpan<short> a, ReadOnlySpan<short> b)
    {
        unchecked
        {
            ReadOnlySpan<short> roots = Roots.AsSpan(64, 64);
            for (int i = 0; i + 3 < N; i += 4)
            {
                int zeta = roots[i >> 2];
                Span<int> sum = sums.Slice(i, 4);
                ReadOnlySpan<short> x = a.Slice(i, 4);
                ReadOnlySpan<short> y = b.Slice(i, 4);
                sum[0] += (x[0] * y[0]) + (Zq.Montgomery(x[1] * y[1]) * zeta);
                sum[1] += (x[0] * y[1]) + (x[1] * y[0]);
                sum[2] += (x[2] * y[2]) - (Zq.Montgomery(x[3] * y[3]) * zeta);
                sum[3] += (x[2] * y[3]) + (x[3] * y[2]);
            }
        }
    }

    private static short[] MakeRoots()
    {
        short[] roots = new short[128];
        for (int i = 0; i < roots.Length; i++)
        {
            int exponent = 0;
            for (int bit = 0; bit < 7; bit++)
            {
                exponent |= ((i >> bit) & 1) << (6 - bit);
            }

            int root = (int)BigInteger.ModPow(Zeta, exponent, Zq.Q);
            roots[i] = (short)Zq.Barrett((int)(((long)root << 16) % Zq.Q));
        }

        return roots;
    }
}
