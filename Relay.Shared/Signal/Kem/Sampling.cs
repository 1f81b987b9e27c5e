// FIPS 203 §4.1 and §4.2.2 (algorithms 7 and 8): PRF, SampleNTT and SamplePolyCBD.
// Limits: SampleNTT's time depends on rho, which is public. Noise is sampled in constant time, and the PRF's output is wiped.

using System.Security.Cryptography;

namespace Relay.Shared.Signal.Kem;

/// <summary>Polynomials from seeds.</summary>
internal static class Sampling
{
    private const int SeedBytes = 32;

    /// <summary>Three SHAKE128 blocks: enough for 256 coefficients in 99 of 100 cases.</summary>
    private const int FirstDraw = 3 * 168;

    /// <summary>The matrix of key generation, row by row: entry (i, j) comes of rho || j || i.</summary>
    internal static void Matrix(ReadOnlySpan<byte> rho, int k, Span<int> matrix)
    {
        Span<byte> seed = stackalloc byte[SeedBytes + 2];
        rho[..SeedBytes].CopyTo(seed);
        for (int i = 0; i < k; i++)
        {
            for (int j = 0; j < k; j++)
            {
                seed[SeedBytes] = (byte)j;
                seed[SeedBytes + 1] = (byte)i;
                Uniform(seed, matrix.Slice(((i * k) + j) * Ntt.N, Ntt.N));
            }
        }
    }

    /// <summary>Noise polynomials, one a nonce, from the nonce on: |x| &lt;= eta.</summary>
    internal static void Noise(ReadOnlySpan<byte> seed, int nonce, int eta, Span<int> polynomials)
    {
        Span<byte> input = stackalloc byte[SeedBytes + 1];
        Span<byte> bytes = stackalloc byte[64 * 3];
        bytes = bytes[..(64 * eta)];
        try
        {
            seed[..SeedBytes].CopyTo(input);
            for (; !polynomials.IsEmpty; polynomials = polynomials[Ntt.N..], nonce++)
            {
                input[SeedBytes] = (byte)nonce;
                Shake256.HashData(input, bytes);
                Binomial(bytes, eta, polynomials[..Ntt.N]);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(input);
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static void Uniform(ReadOnlySpan<byte> seed, Span<int> f)
    {
        // Shake128.Read, which would go on where it stopped, throws on OpenSSL 3.0: draw again, longer, from the start.
        Span<byte> draw = stackalloc byte[FirstDraw];
        Shake128.HashData(seed, draw);
        for (int length = FirstDraw; !TryUniform(draw, f);)
        {
            length *= 2;
            draw = new byte[length];
            Shake128.HashData(seed, draw);
        }
    }

    /// <summary>SampleNTT on a stretch of XOF output; false when it holds fewer than 256 coefficients below q.</summary>
    internal static bool TryUniform(ReadOnlySpan<byte> bytes, Span<int> f)
    {
        int found = 0;
        unchecked
        {
            for (int at = 0; at + 2 < bytes.Length; at += 3)
            {
                int low = bytes[at] | ((bytes[at + 1] & 0x0F) << 8);
                int high = (bytes[at + 1] >> 4) | (bytes[at + 2] << 4);
                f[found] = low;
                found += low < Zq.Q ? 1 : 0;
                if (found == Ntt.N)
                {
                    return true;
                }

                f[found] = high;
                found += high < Zq.Q ? 1 : 0;
                if (found == Ntt.N)
                {
                    return true;
                }
            }
        }

        return false;
    }

    // Of each 2 eta bits: how many of the first eta are set, less how many of the others.
    private static void Binomial(ReadOnlySpan<byte> bytes, int eta, Span<int> f)
    {
        unchecked
        {
            uint bits = 0;
            int held = 0;
            int at = 0;
            uint low = (1u << eta) - 1;
            foreach (ref int x in f)
            {
                for (; held < 2 * eta; held += 8)
                {
                    bits |= (uint)bytes[at++] << held;
                }

                x = (Ones(bits & low) - Ones((bits >> eta) & low));
                bits >>= 2 * eta;
                held -= 2 * eta;
            }
        }
    }

    // The number of ones of three bits.
    private static int Ones(uint bits) => unchecked((int)((bits & 1) + ((bits >> 1) & 1) + (bits >> 2)));
}
