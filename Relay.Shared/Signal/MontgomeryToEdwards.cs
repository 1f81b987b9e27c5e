// y = (u - 1) / (u + 1) mod p, p = 2^255 - 19 (RFC 7748 §4.1; spec/signal.md §3.2).
// PUBLIC DATA ONLY: nothing here claims constant time. It is the one piece of field arithmetic of our own,
// because libsodium converts only the other way.
// Elements are five limbs of 51 bits. Products need limbs below 2^54; Reduce leaves them below 2^52.

using System.Buffers.Binary;

namespace Relay.Shared.Signal;

/// <summary>Turns a Montgomery u-coordinate into the canonical y of the same point on the Edwards curve.</summary>
internal static class MontgomeryToEdwards
{
    private const ulong Mask = (1UL << 51) - 1;

    /// <summary>False only for u = -1, which has no counterpart.</summary>
    internal static bool TryConvert(ReadOnlySpan<byte> u, Span<byte> y)
    {
        unchecked
        {
            Element x = Load(u);
            var below = new Element(x.A + (2 * Mask) - 37, x.B + (2 * Mask), x.C + (2 * Mask), x.D + (2 * Mask), x.E + (2 * Mask));
            var above = new Element(x.A + 1, x.B, x.C, x.D, x.E);

            Span<byte> bytes = stackalloc byte[32];
            Store(Multiply(above, One), bytes);
            if (!bytes.ContainsAnyExcept((byte)0))
            {
                return false;
            }

            Store(Multiply(below, Invert(above)), y);
            return true;
        }
    }

    private static Element One => new(1, 0, 0, 0, 0);

    private static Element Load(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(bytes) & Mask,
        (BinaryPrimitives.ReadUInt64LittleEndian(bytes[6..]) >> 3) & Mask,
        (BinaryPrimitives.ReadUInt64LittleEndian(bytes[12..]) >> 6) & Mask,
        (BinaryPrimitives.ReadUInt64LittleEndian(bytes[19..]) >> 1) & Mask,
        (BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]) >> 12) & Mask);

    // For limbs below 2^52: q is 1 exactly when the value is at least p, then the value minus q * p is written.
    private static void Store(Element x, Span<byte> bytes)
    {
        unchecked
        {
            ulong a = x.A, b = x.B, c = x.C, d = x.D, e = x.E;
            ulong q = (a + 19) >> 51;
            q = (b + q) >> 51;
            q = (c + q) >> 51;
            q = (d + q) >> 51;
            q = (e + q) >> 51;

            a += 19 * q;
            b += a >> 51;
            c += b >> 51;
            d += c >> 51;
            e += d >> 51;
            a &= Mask;
            b &= Mask;
            c &= Mask;
            d &= Mask;
            e &= Mask;

            BinaryPrimitives.WriteUInt64LittleEndian(bytes, a | (b << 51));
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], (b >> 13) | (c << 38));
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], (c >> 26) | (d << 25));
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], (d >> 39) | (e << 12));
        }
    }

    // x^(p-2) by the usual chain of 254 squarings and 11 products; z_n stands for x^(2^n - 1).
    private static Element Invert(Element x)
    {
        Element x2 = Square(x, 1);
        Element x9 = Multiply(Square(x2, 2), x);
        Element x11 = Multiply(x9, x2);
        Element z5 = Multiply(Square(x11, 1), x9);
        Element z10 = Multiply(Square(z5, 5), z5);
        Element z20 = Multiply(Square(z10, 10), z10);
        Element z40 = Multiply(Square(z20, 20), z20);
        Element z50 = Multiply(Square(z40, 10), z10);
        Element z100 = Multiply(Square(z50, 50), z50);
        Element z200 = Multiply(Square(z100, 100), z100);
        Element z250 = Multiply(Square(z200, 50), z50);
        return Multiply(Square(z250, 5), x11);
    }

    private static Element Square(Element x, int times)
    {
        for (int i = 0; i < times; i++)
        {
            x = Square(x);
        }

        return x;
    }

    private static Element Square(Element x)
    {
        unchecked
        {
            ulong a2 = 2 * x.A, b2 = 2 * x.B, d19 = 19 * x.D, e19 = 19 * x.E;
            return Reduce(
                Math.BigMul(x.A, x.A) + Math.BigMul(b2, e19) + Math.BigMul(2 * x.C, d19),
                Math.BigMul(a2, x.B) + Math.BigMul(2 * x.C, e19) + Math.BigMul(x.D, d19),
                Math.BigMul(a2, x.C) + Math.BigMul(x.B, x.B) + Math.BigMul(2 * x.D, e19),
                Math.BigMul(a2, x.D) + Math.BigMul(b2, x.C) + Math.BigMul(x.E, e19),
                Math.BigMul(a2, x.E) + Math.BigMul(b2, x.D) + Math.BigMul(x.C, x.C));
        }
    }

    private static Element Multiply(Element x, Element y)
    {
        unchecked
        {
            ulong b19 = 19 * y.B, c19 = 19 * y.C, d19 = 19 * y.D, e19 = 19 * y.E;
            return Reduce(
                Math.BigMul(x.A, y.A) + Math.BigMul(x.B, e19) + Math.BigMul(x.C, d19) + Math.BigMul(x.D, c19) + Math.BigMul(x.E, b19),
                Math.BigMul(x.A, y.B) + Math.BigMul(x.B, y.A) + Math.BigMul(x.C, e19) + Math.BigMul(x.D, d19) + Math.BigMul(x.E, c19),
                Math.BigMul(x.A, y.C) + Math.BigMul(x.B, y.B) + Math.BigMul(x.C, y.A) + Math.BigMul(x.D, e19) + Math.BigMul(x.E, d19),
                Math.BigMul(x.A, y.D) + Math.BigMul(x.B, y.C) + Math.BigMul(x.C, y.B) + Math.BigMul(x.D, y.A) + Math.BigMul(x.E, e19),
                Math.BigMul(x.A, y.E) + Math.BigMul(x.B, y.D) + Math.BigMul(x.C, y.C) + Math.BigMul(x.D, y.B) + Math.BigMul(x.E, y.A));
        }
    }

    private static Element Reduce(UInt128 a, UInt128 b, UInt128 c, UInt128 d, UInt128 e)
    {
        unchecked
        {
            b += (ulong)(a >> 51);
            c += (ulong)(b >> 51);
            d += (ulong)(c >> 51);
            e += (ulong)(d >> 51);
            ulong first = ((ulong)a & Mask) + (19 * (ulong)(e >> 51));
            return new Element(first & Mask, ((ulong)b & Mask) + (first >> 51), (ulong)c & Mask, (ulong)d & Mask, (ulong)e & Mask);
        }
    }

    private readonly record struct Element(ulong A, ulong B, ulong C, ulong D, ulong E);
}
