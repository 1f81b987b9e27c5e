// FIPS 203 §4.2.1 (algorithms 5 and 6): ByteEncode_d and ByteDecode_d, with Compress_d and Decompress_d where d < 12.
// Limits: fixed loops; no index, branch or division depends on a coefficient. What TryDecode says is asked of public keys only.

namespace Relay.Shared.Signal.Kem;

/// <summary>Polynomials as bytes: d bits a coefficient, the lowest first. One polynomial takes 32 d bytes.</summary>
internal static class PolyCodec
{
    internal const int FullBytes = 384;

    /// <summary>ByteEncode_12 of |x| up to 16 bits.</summary>
    internal static void Encode(ReadOnlySpan<int> f, Span<byte> bytes)
    {
        unchecked
        {
            for (int i = 0, at = 0; i + 1 < f.Length && at + 2 < bytes.Length; i += 2, at += 3)
            {
                uint low = Zq.Canonical(f[i]);
                uint high = Zq.Canonical(f[i + 1]);
                bytes[at] = (byte)low;
                bytes[at + 1] = (byte)((low >> 8) | (high << 4));
                bytes[at + 2] = (byte)(high >> 4);
            }
        }
    }

    /// <summary>ByteDecode_12. False when a coefficient is q or more (the modulus check of §7.2); the rest is decoded all the same.</summary>
    internal static bool TryDecode(ReadOnlySpan<byte> bytes, Span<int> f)
    {
        int excess = 0;
        unchecked
        {
            for (int i = 0, at = 0; i + 1 < f.Length && at + 2 < bytes.Length; i += 2, at += 3)
            {
                int low = bytes[at] | ((bytes[at + 1] & 0x0F) << 8);
                int high = (bytes[at + 1] >> 4) | (bytes[at + 2] << 4);
                excess |= (Zq.Q - 1 - low) | (Zq.Q - 1 - high);
                f[i] = low;
                f[i + 1] = high;
            }
        }

        return excess >= 0;
    }

    /// <summary>ByteEncode_d(Compress_d(f)) for whole polynomials.</summary>
    internal static void Compress(ReadOnlySpan<int> f, int d, Span<byte> bytes)
    {
        unchecked
        {
            ulong bits = 0;
            int held = 0;
            int at = 0;
            foreach (int x in f)
            {
                bits |= (ulong)Zq.Compress(Zq.Canonical(x), d) << held;
                for (held += d; held >= 8; held -= 8)
                {
                    bytes[at++] = (byte)bits;
                    bits >>= 8;
                }
            }
        }
    }

    /// <summary>Decompress_d(ByteDecode_d(bytes)) for whole polynomials. Out: within [0, q).</summary>
    internal static void Decompress(ReadOnlySpan<byte> bytes, int d, Span<int> f)
    {
        unchecked
        {
            ulong bits = 0;
            int held = 0;
            int at = 0;
            uint mask = (1u << d) - 1;
            foreach (ref int x in f)
            {
                for (; held < d; held += 8)
                {
                    bits |= (ulong)bytes[at++] << held;
                }

                x = Zq.Decompress((uint)bits & mask, d);
                bits >>= d;
                held -= d;
            }
        }
    }
}
