// The expanded decapsulation key of FIPS 203 §7.1, dkPKE || ek || H(ek) || z: what vectors and other libraries hold.

using System.Security.Cryptography;

namespace Relay.Shared.Signal.Kem;

public sealed partial class MlKem
{
    internal int DecapsulationKeyBytes => VectorBytes + EncapsulationKeyBytes + (2 * HashBytes);

    internal void WriteDecapsulationKey(ReadOnlySpan<byte> seed, Span<byte> decapsulationKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seed.Length, SeedBytes, nameof(seed));
        ArgumentOutOfRangeException.ThrowIfNotEqual(decapsulationKey.Length, DecapsulationKeyBytes, nameof(decapsulationKey));
        Span<int> secret = stackalloc int[Kpke.MaxVector];
        Span<int> matrix = stackalloc int[Kpke.MaxMatrix];
        secret = secret[..(K * Ntt.N)];
        try
        {
            Span<byte> key = decapsulationKey.Slice(VectorBytes, EncapsulationKeyBytes);
            Kpke.GenerateKey(this, seed, key, secret, matrix);
            PolyCodec.Encode(secret, decapsulationKey[..VectorBytes]);
            Sha3.Hash256(key, decapsulationKey[^(2 * HashBytes)..^HashBytes]);
            seed[HashBytes..].CopyTo(decapsulationKey[^HashBytes..]);
        }
        finally
        {
            Kpke.Wipe(secret);
        }
    }

    /// <summary>The length and hash checks of §7.3.</summary>
    internal bool IsDecapsulationKey(ReadOnlySpan<byte> decapsulationKey)
    {
        if (decapsulationKey.Length != DecapsulationKeyBytes)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[HashBytes];
        Sha3.Hash256(decapsulationKey.Slice(VectorBytes, EncapsulationKeyBytes), hash);
        return CryptographicOperations.FixedTimeEquals(hash, decapsulationKey[^(2 * HashBytes)..^HashBytes]);
    }

    /// <summary>As <see cref="TryDecapsulate"/>, with the checks of §7.3.</summary>
    internal bool TryDecapsulateExpanded(ReadOnlySpan<byte> decapsulationKey, ReadOnlySpan<byte> ciphertext, Span<byte> secret)
    {
        if (ciphertext.Length != CiphertextBytes || !IsDecapsulationKey(decapsulationKey))
        {
            return false;
        }

        ReadOnlySpan<byte> key = decapsulationKey.Slice(VectorBytes, EncapsulationKeyBytes);
        Span<int> s = stackalloc int[Kpke.MaxVector];
        Span<int> t = stackalloc int[Kpke.MaxVector];
        Span<int> matrix = stackalloc int[Kpke.MaxMatrix];
        s = s[..(K * Ntt.N)];
        try
        {
            // Neither is checked against q: the keys of §7.3 aren't, either.
            PolyCodec.TryDecode(decapsulationKey[..VectorBytes], s);
            PolyCodec.TryDecode(key[..VectorBytes], t[..(K * Ntt.N)]);
            Ntt.Reduce(s);
            Ntt.Reduce(t);
            Sampling.Matrix(key[VectorBytes..], K, matrix);
            Decapsulate(s, t, matrix, decapsulationKey[^(2 * HashBytes)..^HashBytes], decapsulationKey[^HashBytes..], ciphertext, secret);
            return true;
        }
        finally
        {
            Kpke.Wipe(s);
        }
    }
}
