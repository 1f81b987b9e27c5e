// An attachment is what Signal's clients make of a file (https://signal.org/docs and their sources agree):
//
//   iv(16) | AES-256-CBC(file | zeros, PKCS #7) | HMAC-SHA256(iv | ciphertext)(32)
//
// The key is 64 bytes, AES first. The digest is SHA-256 over all of that. The zeros fill the file up to a size that many files share, so that the
// length says little: the next power of 1.05, and at least 541.
namespace Relay.Shared.Content;

/// <summary>Sizes of an encrypted file.</summary>
public static class AttachmentFormat
{
    public const int KeySize = 64;
    public const int DigestSize = 32;

    /// <summary>The largest file, in bytes.</summary>
    public const long MaxFileBytes = 100 * 1024 * 1024;

    /// <summary>The largest encrypted file: no file within the limit makes a longer one.</summary>
    public static long MaxEncryptedBytes { get; } = EncryptedSize(MaxFileBytes);

    internal const int IvSize = 16;
    internal const int MacSize = 32;
    internal const int BlockSize = 16;
    internal const int AesKeySize = 32;

    private const double Step = 1.05;
    private const long Smallest = 541;

    /// <summary>A file of this size with its padding.</summary>
    public static long PaddedSize(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return size <= Smallest ? Smallest : Math.Max(size, (long)Math.Pow(Step, Math.Ceiling(Math.Log(size, Step))));
    }

    /// <summary>The encrypted bytes of a file of this size.</summary>
    public static long EncryptedSize(long size) => IvSize + (((PaddedSize(size) / BlockSize) + 1) * BlockSize) + MacSize;
}
