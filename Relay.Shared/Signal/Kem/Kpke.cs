// FIPS 203 §5 (algorithms 13 to 15): K-PKE, the encryption inside ML-KEM. On its own it's secure against nobody who may ask
// questions: only MlKem calls it. The two halves of a ciphertext are made apart, as the first needs no more than rho.
// Limits: the secrets are s, y, the errors, m and r. They live in spans of the caller's or are wiped here.

using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Relay.Shared.Signal.Kem;

/// <summary>Key generation, encryption and decryption of one message bit a coefficient.</summary>
internal static class Kpke
{
    internal const int MaxK = 4;
    internal const int MaxVector = MaxK * Ntt.N;
    internal const int MaxMatrix = MaxK * MaxVector;
    internal const int SeedBytes = 32;

    /// <summary>From d: the encapsulation key, the transformed secret and the matrix, which re-encryption wants again.</summary>
    internal static void GenerateKey(MlKem set, ReadOnlySpan<byte> d, Span<byte> key, Span<int> secret, Span<int> matrix)
    {
        Span<byte> input = stackalloc byte[SeedBytes + 1];
        Span<byte> seeds = stackalloc byte[2 * SeedBytes];
        Span<int> noise = stackalloc int[MaxVector];
        Span<int> sum = stackalloc int[Ntt.N];
        noise = noise[..(set.K * Ntt.N)];
        try
        {
            d[..SeedBytes].CopyTo(input);
            input[SeedBytes] = (byte)set.K;
            Sha3.Hash512(input, seeds);
            ReadOnlySpan<byte> rho = seeds[..SeedBytes];
            ReadOnlySpan<byte> sigma = seeds[SeedBytes..];

            Sampling.Matrix(rho, set.K, matrix);
            Sampling.Noise(sigma, 0, set.Eta1, secret);
            Sampling.Noise(sigma, set.K, set.Eta1, noise);
            ForwardAll(secret);
            ForwardAll(noise);
            for (int i = 0; i < set.K; i++)
            {
                Ntt.InnerProduct(sum, matrix[(i * set.K * Ntt.N)..], Ntt.N, secret, set.K);
                Ntt.ToMontgomery(sum);
                Ntt.Add(sum, noise.Slice(i * Ntt.N, Ntt.N));
                PolyCodec.Encode(sum, key.Slice(i * PolyCodec.FullBytes, PolyCodec.FullBytes));
            }

            rho.CopyTo(key[set.VectorBytes..]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(input);
            CryptographicOperations.ZeroMemory(seeds);
            Wipe(noise);
            Wipe(sum);
        }
    }

    /// <summary>The transformed y of an encryption with the randomness r.</summary>
    internal static void SampleY(MlKem set, ReadOnlySpan<byte> r, Span<int> y)
    {
        Sampling.Noise(r, 0, set.Eta1, y);
        ForwardAll(y);
    }

    /// <summary>The first half of a ciphertext: u = A^T y + e1, compressed.</summary>
    internal static void EncryptU(MlKem set, ReadOnlySpan<int> matrix, ReadOnlySpan<int> y, ReadOnlySpan<byte> r, Span<byte> first)
    {
        Span<int> noise = stackalloc int[MaxVector];
        Span<int> u = stackalloc int[Ntt.N];
        noise = noise[..(set.K * Ntt.N)];
        try
        {
            Sampling.Noise(r, set.K, MlKem.Eta2, noise);
            for (int i = 0; i < set.K; i++)
            {
                Ntt.InnerProduct(u, matrix[(i * Ntt.N)..], set.K * Ntt.N, y, set.K);
                Ntt.Inverse(u);
                Ntt.Add(u, noise.Slice(i * Ntt.N, Ntt.N));
                PolyCodec.Compress(u, set.Du, first.Slice(i * 32 * set.Du, 32 * set.Du));
            }
        }
        finally
        {
            Wipe(noise);
            Wipe(u);
        }
    }

    /// <summary>The second half: v = t^T y + e2 + Decompress_1(m), compressed.</summary>
    internal static void EncryptV(
        MlKem set, ReadOnlySpan<int> t, ReadOnlySpan<int> y, ReadOnlySpan<byte> r, ReadOnlySpan<byte> m, Span<byte> second)
    {
        Span<int> addend = stackalloc int[Ntt.N];
        Span<int> v = stackalloc int[Ntt.N];
        try
        {
            Ntt.InnerProduct(v, t, Ntt.N, y, set.K);
            Ntt.Inverse(v);
            Sampling.Noise(r, 2 * set.K, MlKem.Eta2, addend);
            Ntt.Add(v, addend);
            PolyCodec.Decompress(m, 1, addend);
            Ntt.Add(v, addend);
            PolyCodec.Compress(v, set.Dv, second);
        }
        finally
        {
            Wipe(addend);
            Wipe(v);
        }
    }

    /// <summary>The message of a ciphertext: Compress_1(v - s^T u).</summary>
    internal static void Decrypt(MlKem set, ReadOnlySpan<int> secret, ReadOnlySpan<byte> ciphertext, Span<byte> m)
    {
        Span<int> u = stackalloc int[MaxVector];
        Span<int> v = stackalloc int[Ntt.N];
        Span<int> product = stackalloc int[Ntt.N];
        u = u[..(set.K * Ntt.N)];
        try
        {
            PolyCodec.Decompress(ciphertext[..set.FirstCiphertextBytes], set.Du, u);
            PolyCodec.Decompress(ciphertext[set.FirstCiphertextBytes..], set.Dv, v);
            ForwardAll(u);
            Ntt.InnerProduct(product, u, Ntt.N, secret, set.K);
            Ntt.Inverse(product);
            Ntt.Subtract(v, product);
            PolyCodec.Compress(v, 1, m);
        }
        finally
        {
            Wipe(v);
            Wipe(product);
        }
    }

    internal static void Wipe(Span<int> secret) => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(secret));

    private static void ForwardAll(Span<int> polynomials)
    {
        for (; !polynomials.IsEmpty; polynomials = polynomials[Ntt.N..])
        {
            Ntt.Forward(polynomials);
        }
    }
}
