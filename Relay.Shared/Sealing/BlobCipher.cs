// libsodium's AES-256-GCM (crypto_aead_aes256gcm_*_detached, unchanged since 1.0.9) needs AES instructions, which every processor of the last ten
// years has. A cipher object of .NET's costs nine times what it then does for a short text, and here each key is used once.
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Relay.Shared.Sealing;

/// <summary>AES-256-GCM for keys that are used once: libsodium's where the processor can, .NET's elsewhere, with the same bytes.</summary>
internal static partial class BlobCipher
{
    internal const int TagSize = 16;

    private const string Library = "libsodium";

    private static readonly bool s_isReady = sodium_init() >= 0;

    /// <summary>Whether libsodium's serves here.</summary>
    internal static bool IsNative { get; } = s_isReady && crypto_aead_aes256gcm_is_available() == 1;

    /// <summary>From the system's generator, without one of our own in between: half the time of OpenSSL's for so little.</summary>
    internal static void Random(Span<byte> bytes)
    {
        if (s_isReady)
        {
            randombytes_buf(bytes, (nuint)bytes.Length);
        }
        else
        {
            RandomNumberGenerator.Fill(bytes);
        }
    }

    internal static void Encrypt(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> data)
    {
        if (!IsNative)
        {
            EncryptPortably(key, nonce, plaintext, ciphertext, tag, data);
            return;
        }

        int failed = crypto_aead_aes256gcm_encrypt_detached(
            ciphertext, tag, out _, plaintext, (ulong)plaintext.Length, data, (ulong)data.Length, 0, nonce, key);
        if (failed != 0)
        {
            throw new CryptographicException("libsodium did not encrypt.");
        }
    }

    /// <summary>False: not authentic, and then <paramref name="plaintext"/> says nothing.</summary>
    internal static bool TryDecrypt(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> data) =>
        IsNative
            ? crypto_aead_aes256gcm_decrypt_detached(plaintext, 0, ciphertext, (ulong)ciphertext.Length, tag, data, (ulong)data.Length, nonce, key) == 0
            : TryDecryptPortably(key, nonce, ciphertext, tag, plaintext, data);

    internal static void EncryptPortably(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> data)
    {
        using AesGcm aes = new(key, TagSize);
        aes.Encrypt(nonce, plaintext, ciphertext, tag, data);
    }

    internal static bool TryDecryptPortably(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, ReadOnlySpan<byte> data)
    {
        using AesGcm aes = new(key, TagSize);
        try
        {
            aes.Decrypt(nonce, ciphertext, tag, plaintext, data);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    [LibraryImport(Library)]
    private static partial int sodium_init();

    [LibraryImport(Library)]
    private static partial int crypto_aead_aes256gcm_is_available();

    [LibraryImport(Library)]
    private static partial void randombytes_buf(Span<byte> buf, nuint size);

    [LibraryImport(Library)]
    private static partial int crypto_aead_aes256gcm_encrypt_detached(
        Span<byte> c, Span<byte> mac, out ulong maclen, ReadOnlySpan<byte> m, ulong mlen, ReadOnlySpan<byte> ad, ulong adlen, nint nsec, ReadOnlySpan<byte> npub, ReadOnlySpan<byte> k);

    [LibraryImport(Library)]
    private static partial int crypto_aead_aes256gcm_decrypt_detached(
        Span<byte> m, nint nsec, ReadOnlySpan<byte> c, ulong clen, ReadOnlySpan<byte> mac, ReadOnlySpan<byte> ad, ulong adlen, ReadOnlySpan<byte> npub, ReadOnlySpan<byte> k);
}
