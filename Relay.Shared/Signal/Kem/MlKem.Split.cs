// Split encapsulation: see MlKem.cs.

using System.Security.Cryptography;

namespace Relay.Shared.Signal.Kem;

public sealed partial class MlKem
{
    /// <summary>rho || H(ek) of an encapsulation key.</summary>
    public void WriteHeader(ReadOnlySpan<byte> encapsulationKey, Span<byte> header)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(encapsulationKey.Length, EncapsulationKeyBytes, nameof(encapsulationKey));
        ArgumentOutOfRangeException.ThrowIfNotEqual(header.Length, HeaderBytes, nameof(header));
        encapsulationKey[VectorBytes..].CopyTo(header);
        Sha3.Hash256(encapsulationKey, header[HashBytes..]);
    }

    /// <summary>The first half of the ciphertext, and already the secret. An m serves one key once.</summary>
    public void EncapsulateFirst(ReadOnlySpan<byte> header, ReadOnlySpan<byte> m, Span<byte> firstCiphertext, Span<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(header.Length, HeaderBytes, nameof(header));
        ArgumentOutOfRangeException.ThrowIfNotEqual(m.Length, MessageBytes, nameof(m));
        ArgumentOutOfRangeException.ThrowIfNotEqual(firstCiphertext.Length, FirstCiphertextBytes, nameof(firstCiphertext));
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, SharedSecretBytes, nameof(secret));
        Span<byte> derived = stackalloc byte[2 * HashBytes];
        Span<int> y = stackalloc int[Kpke.MaxVector];
        Span<int> matrix = stackalloc int[Kpke.MaxMatrix];
        y = y[..(K * Ntt.N)];
        try
        {
            DeriveSecret(m, header[HashBytes..], derived);
            Sampling.Matrix(header[..HashBytes], K, matrix);
            Kpke.SampleY(this, derived[HashBytes..], y);
            Kpke.EncryptU(this, matrix, y, derived[HashBytes..], firstCiphertext);
            derived[..HashBytes].CopyTo(secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
            Kpke.Wipe(y);
        }
    }

    /// <summary>True when the vector is the one the header speaks of, and passes the modulus check.</summary>
    public bool IsVectorOf(ReadOnlySpan<byte> header, ReadOnlySpan<byte> vector)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(header.Length, HeaderBytes, nameof(header));
        if (vector.Length != VectorBytes)
        {
            return false;
        }

        Span<byte> key = stackalloc byte[EncapsulationKeyBytes];
        Span<byte> hash = stackalloc byte[HashBytes];
        vector.CopyTo(key);
        header[..HashBytes].CopyTo(key[VectorBytes..]);
        Sha3.Hash256(key, hash);
        return CryptographicOperations.FixedTimeEquals(hash, header[HashBytes..]) && IsEncapsulationKey(key);
    }

    /// <summary>The second half of the ciphertext, with the m of the first. False, with nothing written, unless <see cref="IsVectorOf"/>.</summary>
    public bool TryEncapsulateSecond(ReadOnlySpan<byte> header, ReadOnlySpan<byte> vector, ReadOnlySpan<byte> m, Span<byte> secondCiphertext)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(m.Length, MessageBytes, nameof(m));
        ArgumentOutOfRangeException.ThrowIfNotEqual(secondCiphertext.Length, SecondCiphertextBytes, nameof(secondCiphertext));
        if (!IsVectorOf(header, vector))
        {
            return false;
        }

        Span<byte> derived = stackalloc byte[2 * HashBytes];
        Span<int> y = stackalloc int[Kpke.MaxVector];
        Span<int> t = stackalloc int[Kpke.MaxVector];
        y = y[..(K * Ntt.N)];
        t = t[..(K * Ntt.N)];
        try
        {
            DeriveSecret(m, header[HashBytes..], derived);
            PolyCodec.TryDecode(vector, t);
            Kpke.SampleY(this, derived[HashBytes..], y);
            Kpke.EncryptV(this, t, y, derived[HashBytes..], m, secondCiphertext);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
            Kpke.Wipe(y);
        }
    }
}
