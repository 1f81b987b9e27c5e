// spec/signal.md §3.3 and §4: HKDF (RFC 5869) and HMAC with SHA-256; "no salt" is 32 zero bytes; labels are ASCII, unterminated.

using System.Security.Cryptography;

namespace Relay.Shared.Signal;

/// <summary>The key derivations of sessions, each label written once.</summary>
internal static class SignalKdf
{
    internal const int KeyBytes = 32;

    /// <summary>X3DH: root key || chain key.</summary>
    internal static void Agreement(ReadOnlySpan<byte> secretInput, Span<byte> rootAndChain) =>
        Derive(secretInput, default, "WhisperText"u8, rootAndChain[..(2 * KeyBytes)]);

    /// <summary>PQXDH: root key || chain key || post-quantum ratchet key.</summary>
    internal static void PostQuantumAgreement(ReadOnlySpan<byte> secretInput, Span<byte> rootChainAndRatchet) =>
        Derive(secretInput, default, "WhisperText_X25519_SHA-256_CRYSTALS-KYBER-1024"u8, rootChainAndRatchet[..(3 * KeyBytes)]);

    /// <summary>A turn of the DH ratchet: new root key || chain key.</summary>
    internal static void Root(ReadOnlySpan<byte> rootKey, ReadOnlySpan<byte> sharedSecret, Span<byte> rootAndChain) =>
        Derive(sharedSecret, rootKey, "WhisperRatchet"u8, rootAndChain[..(2 * KeyBytes)]);

    /// <summary>Cipher key || MAC key || IV. The salt is the post-quantum message key of a session with SPQR, else empty.</summary>
    internal static void Message(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> salt, Span<byte> keys) =>
        Derive(seed, salt, "WhisperMessageKeys"u8, keys[..MessageKeys.Bytes]);

    internal static void ChainSeed(ReadOnlySpan<byte> chainKey, Span<byte> seed) => Sodium.HmacSha256(chainKey, [0x01], seed);

    internal static void ChainNext(ReadOnlySpan<byte> chainKey, Span<byte> next) => Sodium.HmacSha256(chainKey, [0x02], next);

    // RFC 5869 §2.2: an absent salt is HashLen zeros. HMAC pads its key with zeros, so the empty key is the same key.
    // §2.3: T(i) = HMAC(prk, T(i-1) || info || i), i from 1.
    internal static void Derive(ReadOnlySpan<byte> input, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info, Span<byte> output)
    {
        Span<byte> pseudoRandomKey = stackalloc byte[KeyBytes];
        Span<byte> block = stackalloc byte[KeyBytes];
        try
        {
            Sodium.HmacSha256(salt, input, pseudoRandomKey);
            scoped ReadOnlySpan<byte> previous = [];
            for (byte counter = 1; !output.IsEmpty; counter++)
            {
                Sodium.HmacSha256(pseudoRandomKey, previous, info, [counter], block);
                int taken = Math.Min(output.Length, block.Length);
                block[..taken].CopyTo(output);
                output = output[taken..];
                previous = block;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pseudoRandomKey);
            CryptographicOperations.ZeroMemory(block);
        }
    }
}
