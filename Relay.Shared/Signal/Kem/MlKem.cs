// FIPS 203 §6, §7 and §8: ML-KEM-512, -768 and -1024. A private key is its 64-byte seed d || z, expanded at each use; the
// expanded form of §7.1 is made and read for vectors only.
// Split encapsulation (spec/signal.md §4.1): the first half of a ciphertext and the shared secret follow from the 64-byte
// header rho || H(ek) and m alone, the second half from the rest of the key. Both together are the ciphertext of §7.2.
// Limits: of what is secret, see "Constant time" in Signal/README.md.

using System.Security.Cryptography;

namespace Relay.Shared.Signal.Kem;

/// <summary>A parameter set and its operations. Keys and ciphertexts of a wrong length or content give false, never a secret.</summary>
public sealed partial class MlKem
{
    /// <summary>d || z: the private key as it is kept.</summary>
    public const int SeedBytes = 64;

    public const int SharedSecretBytes = 32;

    /// <summary>What an encapsulation draws.</summary>
    public const int MessageBytes = 32;

    /// <summary>rho || H(encapsulation key): what the first half of an encapsulation needs.</summary>
    public const int HeaderBytes = 64;

    internal const int Eta2 = 2;

    private const int HashBytes = 32;

    private MlKem(string name, int k, int eta1, int du, int dv)
    {
        Name = name;
        K = k;
        Eta1 = eta1;
        Du = du;
        Dv = dv;
    }

    public static MlKem MlKem512 { get; } = new("ML-KEM-512", k: 2, eta1: 3, du: 10, dv: 4);

    public static MlKem MlKem768 { get; } = new("ML-KEM-768", k: 3, eta1: 2, du: 10, dv: 4);

    public static MlKem MlKem1024 { get; } = new("ML-KEM-1024", k: 4, eta1: 2, du: 11, dv: 5);

    public string Name { get; }

    /// <summary>An encapsulation key without its last 32 bytes, rho.</summary>
    public int VectorBytes => PolyCodec.FullBytes * K;

    public int EncapsulationKeyBytes => VectorBytes + HashBytes;

    public int FirstCiphertextBytes => 32 * Du * K;

    public int SecondCiphertextBytes => 32 * Dv;

    public int CiphertextBytes => FirstCiphertextBytes + SecondCiphertextBytes;

    internal int K { get; }

    internal int Eta1 { get; }

    internal int Du { get; }

    internal int Dv { get; }

    public override string ToString() => Name;

    /// <summary>The public half of a seed.</summary>
    public void WriteEncapsulationKey(ReadOnlySpan<byte> seed, Span<byte> encapsulationKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed.Length, SeedBytes, nameof(seed));
        ArgumentOutOfRangeException.ThrowIfNotEqual(encapsulationKey.Length, EncapsulationKeyBytes, nameof(encapsulationKey));
        Span<int> secret = stackalloc int[Kpke.MaxVector];
        Span<int> matrix = stackalloc int[Kpke.MaxMatrix];
        try
        {
            Kpke.GenerateKey(this, seed, encapsulationKey, secret[..(K * Ntt.N)], matrix);
        }
        finally
        {
            Kpke.Wipe(secret);
        }
    }

    /// <summary>The length and modulus checks of §7.2.</summary>
    public bool IsEncapsulationKey(ReadOnlySpan<byte> encapsulationKey)
    {
        Span<int> t = stackalloc int[Kpke.MaxVector];
        return encapsulationKey.Length == EncapsulationKeyBytes
            && PolyCodec.TryDecode(encapsulationKey[..VectorBytes], t[..(K * Ntt.N)]);
    }

    /// <summary>A ciphertext and its secret. False, with nothing written, for what is no encapsulation key.</summary>
    public bool TryEncapsulate(ReadOnlySpan<byte> encapsulationKey, Span<byte> ciphertext, Span<byte> secret)
    {
        Span<byte> m = stackalloc byte[MessageBytes];
        try
        {
            RandomNumberGenerator.Fill(m);
            return TryEncapsulate(encapsulationKey, m, ciphertext, secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(m);
        }
    }

    /// <summary>With m given: used by vectors and by who keeps m to finish later. An m serves one key once.</summary>
    internal bool TryEncapsulate(ReadOnlySpan<byte> encapsulationKey, ReadOnlySpan<byte> m, Span<byte> ciphertext, Span<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(m.Length, MessageBytes, nameof(m));
        ArgumentOutOfRangeException.ThrowIfNotEqual(ciphertext.Length, CiphertextBytes, nameof(ciphertext));
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, SharedSecretBytes, nameof(secret));
        Span<int> t = stackalloc int[Kpke.MaxVector];
        t = t[..(K * Ntt.N)];
        if (encapsulationKey.Length != EncapsulationKeyBytes || !PolyCodec.TryDecode(encapsulationKey[..VectorBytes], t))
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[HashBytes];
        Span<byte> derived = stackalloc byte[2 * HashBytes];
        Span<int> matrix = stackalloc int[Kpke.MaxMatrix];
        try
        {
            Sha3.Hash256(encapsulationKey, hash);
            DeriveSecret(m, hash, derived);
            Sampling.Matrix(encapsulationKey[VectorBytes..], K, matrix);
            Encrypt(matrix, t, m, derived[HashBytes..], ciphertext);
            derived[..HashBytes].CopyTo(secret);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    /// <summary>
    /// The secret of a ciphertext, under the key of the seed. A ciphertext that was not made for this key gives a secret nobody
    /// else knows (implicit rejection), in the same time. False, with nothing written, for a wrong length.
    /// </summary>
    public bool TryDecapsulate(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> ciphertext, Span<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed.Length, SeedBytes, nameof(seed));
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, SharedSecretBytes, nameof(secret));
        if (ciphertext.Length != CiphertextBytes)
        {
            return false;
        }

        Span<byte> key = stackalloc byte[EncapsulationKeyBytes];
        Span<byte> hash = stackalloc byte[HashBytes];
        Span<int> s = stackalloc int[Kpke.MaxVector];
        Span<int> t = stackalloc int[Kpke.MaxVector];
        Span<int> matrix = stackalloc int[Kpke.MaxMatrix];
        try
        {
            Kpke.GenerateKey(this, seed, key, s[..(K * Ntt.N)], matrix);
            Sha3.Hash256(key, hash);
            PolyCodec.TryDecode(key[..VectorBytes], t[..(K * Ntt.N)]);
            Decapsulate(s[..(K * Ntt.N)], t, matrix, hash, seed[HashBytes..], ciphertext, secret);
            return true;
        }
        finally
        {
            Kpke.Wipe(s);
        }
    }

    private void Decapsulate(
        ReadOnlySpan<int> s,
        ReadOnlySpan<int> t,
        ReadOnlySpan<int> matrix,
        ReadOnlySpan<byte> hash,
        ReadOnlySpan<byte> z,
        ReadOnlySpan<byte> ciphertext,
        Span<byte> secret)
    {
        Span<byte> m = stackalloc byte[MessageBytes];
        Span<byte> derived = stackalloc byte[2 * HashBytes];
        Span<byte> again = stackalloc byte[CiphertextBytes];
        Span<byte> rejection = stackalloc byte[HashBytes + CiphertextBytes];
        try
        {
            Kpke.Decrypt(this, s, ciphertext, m);
            DeriveSecret(m, hash, derived);
            z.CopyTo(rejection);
            ciphertext.CopyTo(rejection[HashBytes..]);
            Sha3.Shake256(rejection, secret);
            Encrypt(matrix, t, m, derived[HashBytes..], again);
            ConstantTime.CopyIfEqual(ciphertext, again, derived[..HashBytes], secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(m);
            CryptographicOperations.ZeroMemory(derived);
            CryptographicOperations.ZeroMemory(again);
            CryptographicOperations.ZeroMemory(rejection);
        }
    }

    private void Encrypt(ReadOnlySpan<int> matrix, ReadOnlySpan<int> t, ReadOnlySpan<byte> m, ReadOnlySpan<byte> r, Span<byte> ciphertext)
    {
        Span<int> y = stackalloc int[Kpke.MaxVector];
        y = y[..(K * Ntt.N)];
        try
        {
            Kpke.SampleY(this, r, y);
            Kpke.EncryptU(this, matrix, y, r, ciphertext[..FirstCiphertextBytes]);
            Kpke.EncryptV(this, t, y, r, m, ciphertext[FirstCiphertextBytes..]);
        }
        finally
        {
            Kpke.Wipe(y);
        }
    }

    // (K, r) = G(m || H(ek))
    private static void DeriveSecret(ReadOnlySpan<byte> m, ReadOnlySpan<byte> hash, Span<byte> derived)
    {
        Span<byte> input = stackalloc byte[MessageBytes + HashBytes];
        try
        {
            m.CopyTo(input);
            hash.CopyTo(input[MessageBytes..]);
            Sha3.Hash512(input, derived);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(input);
        }
    }
}
