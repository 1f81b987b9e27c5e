using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Primitives;

namespace Relay.Phone.State;

/// <summary>A key from a passphrase: Argon2id version 1.3 with one lane (RFC 9106), by libsodium.</summary>
internal static partial class Argon2id
{
    private const int KeySize = 32;
    private const int Algorithm = 2;

    internal static SecretBytes Derive(Secret passphrase, ReadOnlySpan<byte> salt, int passes, int memoryKiB)
    {
        if (sodium_init() < 0)
        {
            throw new PhoneException("libsodium could not initialise.");
        }

        byte[] key = new byte[KeySize];
        byte[] text = Encoding.UTF8.GetBytes(passphrase.Reveal());
        try
        {
            return crypto_pwhash(
                key, (ulong)key.Length, text, (ulong)text.Length, salt, (ulong)passes, (nuint)memoryKiB * 1024, Algorithm) == 0
                ? SecretBytes.Own(key)
                : throw new PhoneException($"There isn't enough memory for the passphrase: {memoryKiB / 1024} MiB are needed.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    [LibraryImport("libsodium")]
    private static partial int sodium_init();

    [LibraryImport("libsodium")]
    private static partial int crypto_pwhash(
        Span<byte> key, ulong keyLength, ReadOnlySpan<byte> passphrase, ulong passphraseLength, ReadOnlySpan<byte> salt, ulong passes, nuint memory, int algorithm);
}
