// XEdDSA over Curve25519 keys, the deployed variant (spec/signal.md §3.2):
//   A = k*B, its sign bit kept;  r = SHA-512(FE FF^31 || k || M || Z) mod L;  R = r*B
//   h = SHA-512(R || A || M) mod L;  s = r + h*k mod L;  signature = R || s, the sign bit of A in bit 7 of byte 63.
// Verification is Ed25519 with A rebuilt from u and that bit. libsodium refuses s >= L and low-order A and R.

using System.Security.Cryptography;

namespace Relay.Shared.Signal;

/// <summary>Ed25519 signatures under Curve25519 keys, as every Signal implementation makes and checks them.</summary>
public static class XEdDsa
{
    private const int NonceBytes = 64;

    /// <summary>A 64-byte signature, randomised.</summary>
    public static byte[] Sign(KeyPair key, ReadOnlySpan<byte> message)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        try
        {
            RandomNumberGenerator.Fill(nonce);
            return Sign(key, message, nonce);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(nonce);
        }
    }

    /// <summary>False for anything but a valid signature of exactly 64 bytes.</summary>
    public static bool Verify(PublicKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(key);
        Span<byte> edwards = stackalloc byte[32];
        if (signature.Length != SignalLimits.SignatureBytes || !MontgomeryToEdwards.TryConvert(key.U, edwards))
        {
            return false;
        }

        Span<byte> plain = stackalloc byte[SignalLimits.SignatureBytes];
        signature.CopyTo(plain);
        edwards[31] |= (byte)(plain[63] & 0x80);
        plain[63] &= 0x7F;
        return Sodium.EdVerify(plain, message, edwards) == 0;
    }

    /// <summary>With the nonce given: used by vectors. A nonce never serves twice.</summary>
    internal static byte[] Sign(KeyPair key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> nonce)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceBytes, nameof(nonce));

        Span<byte> edwards = stackalloc byte[32];
        Span<byte> r = stackalloc byte[32];
        Span<byte> hk = stackalloc byte[32];
        Span<byte> wideKey = stackalloc byte[64];
        byte[] signature = new byte[SignalLimits.SignatureBytes];
        byte[] input = new byte[64 + message.Length + NonceBytes];
        try
        {
            MultiplyBase(edwards, key.PrivateKey);

            input.AsSpan(1, 31).Fill(0xFF);
            input[0] = 0xFE;
            key.PrivateKey.CopyTo(input.AsSpan(32));
            message.CopyTo(input.AsSpan(64));
            nonce.CopyTo(input.AsSpan(64 + message.Length));
            HashToScalar(input, r);
            MultiplyBase(signature.AsSpan(0, 32), r);

            signature.AsSpan(0, 32).CopyTo(input);
            edwards.CopyTo(input.AsSpan(32));
            Span<byte> h = signature.AsSpan(32);
            HashToScalar(input.AsSpan(0, 64 + message.Length), h);

            // libsodium multiplies reduced scalars only, and a clamped key is larger than L.
            key.PrivateKey.CopyTo(wideKey);
            Sodium.ScalarReduce(hk, wideKey);
            Sodium.ScalarMultiply(hk, h, hk);
            Sodium.ScalarAdd(h, r, hk);

            signature[63] = (byte)((signature[63] & 0x7F) | (edwards[31] & 0x80));
            return signature;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(r);
            CryptographicOperations.ZeroMemory(hk);
            CryptographicOperations.ZeroMemory(wideKey);
            CryptographicOperations.ZeroMemory(input);
        }
    }

    private static void MultiplyBase(Span<byte> point, ReadOnlySpan<byte> scalar)
    {
        if (Sodium.EdScalarMultBase(point, scalar) != 0)
        {
            throw new InvalidOperationException("libsodium refused a base multiplication.");
        }
    }

    private static void HashToScalar(ReadOnlySpan<byte> input, Span<byte> scalar)
    {
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        SHA512.HashData(input, hash);
        Sodium.ScalarReduce(scalar, hash);
        CryptographicOperations.ZeroMemory(hash);
    }
}
