// spec/signal.md §4.1: GF(2^16) modulo x^16 + x^12 + x^3 + x + 1 (0x1100B), on words and on chunks of 16 words at once.
// Limits: what is coded travels in clear, so nothing here needs to hide anything.

using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Relay.Shared.Signal.Spqr;

/// <summary>The field the erasure code calculates in. Addition is exclusive or.</summary>
internal static class BinaryField
{
    /// <summary>The modulus without its highest term.</summary>
    private const ushort Reduction = 0x100B;

    internal static ushort Multiply(ushort a, ushort b)
    {
        unchecked
        {
            uint product = 0;
            for (int bit = 0; bit < 16; bit++)
            {
                product ^= ((uint)a << bit) & (0u - (((uint)b >> bit) & 1));
            }

            // x^16 is x^12 + x^3 + x + 1: four times, as 31 bits shrink to 27, 23, 19 and 16.
            return (ushort)Fold(Fold(Fold(Fold(product))));
        }
    }

    /// <summary>a^(2^16 - 2); zero for zero.</summary>
    internal static ushort Invert(ushort a)
    {
        ushort inverse = 1;
        ushort square = a;
        for (int i = 1; i < 16; i++)
        {
            square = Multiply(square, square);
            inverse = Multiply(inverse, square);
        }

        return a == 0 ? (ushort)0 : inverse;
    }

    /// <summary>The sum of each chunk times its factor, word by word.</summary>
    internal static Vector256<ushort> Combine(ReadOnlySpan<Vector256<ushort>> chunks, ReadOnlySpan<ushort> factors)
    {
        unchecked
        {
            // Horner's scheme over the bits of all factors together: sixteen reductions, however many chunks there are.
            var sum = Vector256<ushort>.Zero;
            var reduction = Vector256.Create(Reduction);
            for (int bit = 15; bit >= 0; bit--)
            {
                Vector256<ushort> carry = Vector256.ShiftRightArithmetic(sum.AsInt16(), 15).AsUInt16();
                sum = (sum << 1) ^ (carry & reduction);
                for (int i = 0; i < chunks.Length && i < factors.Length; i++)
                {
                    sum ^= chunks[i] & Vector256.Create((ushort)(0 - ((factors[i] >> bit) & 1)));
                }
            }

            return sum;
        }
    }

    /// <summary>A chunk's 32 bytes as 16 big-endian words.</summary>
    internal static Vector256<ushort> Read(ReadOnlySpan<byte> chunk) => Swap(MemoryMarshal.Read<Vector256<ushort>>(chunk));

    internal static void Write(Vector256<ushort> words, Span<byte> chunk) => MemoryMarshal.Write(chunk, Swap(words));

    private static uint Fold(uint product)
    {
        uint high = product >> 16;
        return (product & 0xFFFF) ^ high ^ (high << 1) ^ (high << 3) ^ (high << 12);
    }

    private static Vector256<ushort> Swap(Vector256<ushort> words) => BitConverter.IsLittleEndian ? (words << 8) | (words >>> 8) : words;
}
