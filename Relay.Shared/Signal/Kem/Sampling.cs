// FIPS 203 §4.1 and §4.2.2 (algorithms 7 and 8): PRF, SampleNTT and SamplePolyCBD.
// Limits: SampleNTT's time depends on rho, which is public. Noise is sampled in constant time, and the PRF's output is wiped.

using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Relay.Shared.Signal.Kem;

/// <summary>Polynomials from seeds, four at a time.</summary>
internal static class Sampling
{
    private const int SeedBytes = 32;
    private const int AtOnce = 4;

    /// <summary>The matrix of key generation, row by row: entry (i, j) is SampleNTT of SHAKE128(rho || j || i).</summary>
    internal static void Matrix(ReadOnlySpan<byte> rho, int k, Span<int> matrix)
    {
        Span<Vector256<ulong>> state = stackalloc Vector256<ulong>[Keccak4.Lanes];
        Span<byte> block = stackalloc byte[Keccak4.Shake128Rate];
        Span<int> found = stackalloc int[AtOnce];
        for (int first = 0; first < k * k; first += AtOnce)
        {
            int count = Math.Min(AtOnce, (k * k) - first);
            Keccak4.Start(state, rho, Suffix(first, k), SeedBytes + 2, Keccak4.Shake128Rate);
            for (found.Clear(); found[..count].ContainsAnyExcept(Ntt.N);)
            {
                Keccak4.Permute(state);
                for (int i = 0; i < count; i++)
                {
                    Keccak4.Extract(state, i, block);
                    found[i] = Accept(block, matrix.Slice((first + i) * Ntt.N, Ntt.N), found[i]);
                }
            }
        }
    }

    /// <summary>Noise polynomials, one a nonce, from the nonce on: SamplePolyCBD of SHAKE256(seed || nonce), |x| &lt;= eta.</summary>
    internal static void Noise(ReadOnlySpan<byte> seed, int nonce, int eta, Span<int> polynomials)
    {
        Span<Vector256<ulong>> state = stackalloc Vector256<ulong>[Keccak4.Lanes];
        Span<byte> bytes = stackalloc byte[AtOnce * 2 * Keccak4.Shake256Rate];
        try
        {
            for (; !polynomials.IsEmpty; nonce += AtOnce)
            {
                int count = Math.Min(AtOnce, polynomials.Length / Ntt.N);
                var nonces = Vector256.Create((ulong)nonce, (ulong)nonce + 1, (ulong)nonce + 2, (ulong)nonce + 3);
                Keccak4.Start(state, seed, nonces, SeedBytes + 1, Keccak4.Shake256Rate);
                for (int block = 0; block * Keccak4.Shake256Rate < 64 * eta; block++)
                {
                    Keccak4.Permute(state);
                    for (int i = 0; i < count; i++)
                    {
                        Keccak4.Extract(state, i, bytes.Slice(((2 * i) + block) * Keccak4.Shake256Rate, Keccak4.Shake256Rate));
                    }
                }

                for (int i = 0; i < count; i++)
                {
                    Binomial(bytes[(2 * i * Keccak4.Shake256Rate)..], eta, polynomials.Slice(i * Ntt.N, Ntt.N));
                }

                polynomials = polynomials[(count * Ntt.N)..];
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(state));
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    // j || i of four entries from the first one on. Behind the last entry it's of no matter what comes.
    private static Vector256<ulong> Suffix(int first, int k)
    {
        ulong Of(int entry) => (ulong)((entry % k) | ((entry / k) << 8));
        return Vector256.Create(Of(first), Of(first + 1), Of(first + 2), Of(first + 3));
    }

    // SampleNTT on a stretch of XOF output: numbers below q are taken until there are enough. Returns how many there are.
    private static int Accept(ReadOnlySpan<byte> bytes, Span<int> f, int found)
    {
        unchecked
        {
            for (int at = 0; at + 2 < bytes.Length && found < Ntt.N; at += 3)
            {
                int low = bytes[at] | ((bytes[at + 1] & 0x0F) << 8);
                int high = (bytes[at + 1] >> 4) | (bytes[at + 2] << 4);
                f[found] = low;
                found += low < Zq.Q ? 1 : 0;
                if (found < Ntt.N)
                {
                    f[found] = high;
                    found += high < Zq.Q ? 1 : 0;
                }
            }
        }

        return found;
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
