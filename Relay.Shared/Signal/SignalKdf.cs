// spec/signal.md §3.3: HKDF (RFC 5869) and HMAC with SHA-256; "no salt" is 32 zero bytes; labels are ASCII, unterminated.

using System.Security.Cryptography;

namespace Relay.Shared.Signal;

/// <summary>The key derivations of protocol version 3, each label written once.</summary>
internal static class SignalKdf
{
    internal const int KeyBytes = 32;

    /// <summary>X3DH: root key || chain key.</summary>
    internal static void Agreement(ReadOnlySpan<byte> secretInput, Span<byte> rootAndChain) =>
        Derive(secretInput, default, "WhisperText"u8, rootAndChain[..(2 * KeyBytes)]);

    /// <summary>A turn of the DH ratchet: new root key || chain key.</summary>
    internal static void Root(ReadOnlySpan<byte> rootKey, ReadOnlySpan<byte> sharedSecret, Span<byte> rootAndChain) =>
        Derive(sharedSecret, rootKey, "WhisperRatchet"u8, rootAndChain[..(2 * KeyBytes)]);

    /// <summary>Cipher key || MAC key || IV. The salt is empty in version 3, and the post-quantum message key in version 4.</summary>
    internal static void Message(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> salt, Span<byte> keys) =>
        Derive(seed, salt, "WhisperMessageKeys"u8, keys[..MessageKeys.Bytes]);

    internal static void ChainSeed(ReadOnlySpan<byte> chainKey, Span<byte> seed) => HMACSHA256.HashData(chainKey, [0x01], seed);

    internal static void ChainNext(ReadOnlySpan<byte> chainKey, Span<byte> next) => HMACSHA256.HashData(chainKey, [0x02], next);

    // RFC 5869 §2.2: an absent salt is HashLen zeros. HMAC pads its key with zeros, so the empty key is the same key.
    internal static void Derive(ReadOnlySpan<byte> input, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> info, Span<byte> output) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, input, output, salt, info);
}
