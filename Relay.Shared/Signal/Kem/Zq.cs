// FIPS 203 §2.3 and §4.2.1: integers modulo q = 3329 and their rounding to d bits.
// Limits: none of these has a branch, an index or a division that depends on its argument. CheckForOverflowUnderflow is on
// in this build, so wrap-around that is meant says so.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Relay.Shared.Signal.Kem;

/// <summary>Arithmetic modulo q on signed representatives.</summary>
internal static class Zq
{
    internal const int Q = 3329;

    /// <summary>2^32 mod q, centred: Montgomery-multiplied with it, x becomes x * 2^16.</summary>
    internal const int RadixSquared = 1353;

    // q^-1 mod 2^16, as a signed number.
    private const int InverseOfQ = -3327;

    // round(2^26 / q)
    private const int BarrettFactor = 20159;

    // ceil(2^40 / q). For n < 2^24 the error stays below 1/q, so that the shifted product is floor(n / q) (tested for every n used).
    private const ulong DivisionFactor = 330_282_857;

    /// <summary>a * 2^-16 modulo q, for |a| &lt; q * 2^15; the result is within (-q, q).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Montgomery(int a)
    {
        unchecked
        {
            return (a - ((short)(a * InverseOfQ) * Q)) >> 16;
        }
    }

    /// <summary>a modulo q for any 16-bit a; the result is within [-q/2, q/2].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Barrett(int a)
    {
        unchecked
        {
            return a - ((((BarrettFactor * a) + (1 << 25)) >> 26) * Q);
        }
    }

    /// <summary>As <see cref="Montgomery(int)"/>, lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<int> Montgomery(Vector256<int> a) => (a - ((((a * InverseOfQ) << 16) >> 16) * Q)) >> 16;

    /// <summary>As <see cref="Barrett(int)"/>, lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<int> Barrett(Vector256<int> a) => a - ((((a * BarrettFactor) + Vector256.Create(1 << 25)) >> 26) * Q);

    /// <summary>The one representative within [0, q) of any 16-bit a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Canonical(int a)
    {
        unchecked
        {
            int reduced = Barrett(a);
            return (uint)(reduced + ((reduced >> 31) & Q));
        }
    }

    /// <summary>Compress_d of a canonical x: round(x * 2^d / q) modulo 2^d, by multiplication alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Compress(uint x, int d)
    {
        unchecked
        {
            ulong n = ((ulong)x << d) + (Q / 2);
            return (uint)((n * DivisionFactor) >> 40) & ((1u << d) - 1);
        }
    }

    /// <summary>Decompress_d: round(y * q / 2^d).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Decompress(uint y, int d)
    {
        unchecked
        {
            return (int)(((y * Q) + (1u << (d - 1))) >> d);
        }
    }
}
