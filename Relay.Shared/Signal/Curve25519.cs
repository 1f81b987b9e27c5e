// RFC 7748 X25519 through libsodium, and the checks spec/signal.md §3.1 and §3.7 put around it.

namespace Relay.Shared.Signal;

/// <summary>Agreement and key checks. Never returns an all-zero secret.</summary>
internal static class Curve25519
{
    internal const int SharedBytes = 32;

    internal static PublicKey PublicKeyOf(ReadOnlySpan<byte> privateKey)
    {
        Span<byte> u = stackalloc byte[32];
        if (Sodium.ScalarMultBase(u, privateKey) != 0)
        {
            throw new InvalidOperationException("libsodium refused a base multiplication.");
        }

        return PublicKey.FromTrustedU(u);
    }

    /// <summary>False for a low-order public key: its shared secret would be all zero and known to everyone.</summary>
    internal static bool TryAgree(KeyPair ours, PublicKey theirs, Span<byte> shared) =>
        Sodium.ScalarMult(shared[..SharedBytes], ours.PrivateKey, theirs.U) == 0
        && shared[..SharedBytes].ContainsAnyExcept((byte)0);

    /// <summary>True when the key lies in the prime-order subgroup, as every honestly made key does.</summary>
    internal static bool IsTorsionFree(PublicKey key)
    {
        // Either sign of x will do: a point and its negative have the same order.
        Span<byte> y = stackalloc byte[32];
        return MontgomeryToEdwards.TryConvert(key.U, y) && Sodium.EdIsValidPoint(y) == 1;
    }
}
