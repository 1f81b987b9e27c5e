// version(1)=1 | nonce(12) | AES-256-GCM(plain) | tag(16). The nonce is synthetic: the first 12 bytes of an HMAC-SHA256 over what the caller says, which
// must hold plaintext and context, so that one plaintext has one form and no nonce is ever used for two. The context is authenticated data.
using System.Security.Cryptography;

namespace Relay.Shared.Sealing;

/// <summary>The form of what Relay hands out to get it back (message ids, history ids, cursors): encrypted, authentic, and the same each time.</summary>
internal static class OpaqueForm
{
    /// <summary>The AES-GCM key and the key of the synthetic nonce.</summary>
    internal const int KeysSize = 2 * SubkeySize;

    /// <summary>What the form adds to the plaintext.</summary>
    internal const int Overhead = 1 + NonceSize + TagSize;

    private const byte Version = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int SubkeySize = 32;

    /// <param name="keys"><see cref="KeysSize"/> bytes.</param>
    /// <param name="nonceInput">Plaintext and context, in one unambiguous order.</param>
    /// <param name="plain">What is hidden.</param>
    /// <param name="context">What it is bound to.</param>
    internal static byte[] Seal(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> nonceInput, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> context)
    {
        byte[] bytes = new byte[plain.Length + Overhead];
        bytes[0] = Version;
        HMACSHA256.HashData(keys[SubkeySize..], nonceInput).AsSpan(0, NonceSize).CopyTo(bytes.AsSpan(1));
        using AesGcm aes = new(keys[..SubkeySize], TagSize);
        aes.Encrypt(bytes.AsSpan(1, NonceSize), plain, bytes.AsSpan(1 + NonceSize, plain.Length), bytes.AsSpan(^TagSize..), context);
        return bytes;
    }

    /// <summary>Null when it isn't one of these keys and this context.</summary>
    internal static byte[]? Open(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> context)
    {
        if (bytes.Length < Overhead || bytes[0] != Version)
        {
            return null;
        }

        byte[] plain = new byte[bytes.Length - Overhead];
        try
        {
            using AesGcm aes = new(keys[..SubkeySize], TagSize);
            aes.Decrypt(bytes.Slice(1, NonceSize), bytes.Slice(1 + NonceSize, plain.Length), bytes[^TagSize..], plain, context);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
