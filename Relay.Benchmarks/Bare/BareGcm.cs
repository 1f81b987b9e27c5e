using System.Security.Cryptography;

namespace Relay.Benchmarks.Bare;

/// <summary>AES-256-GCM as one would use it without Relay: one key, a random nonce each; nonce | ciphertext | tag.</summary>
/// <param name="keepsCipher">One cipher object for all, or one for each, as whoever has many keys must.</param>
internal sealed class BareGcm(bool keepsCipher) : IDisposable
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly byte[] _key = new byte[32];
    private readonly AesGcm _kept = new(new byte[32], TagSize);

    public void Dispose() => _kept.Dispose();

    internal byte[] Seal(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> place)
    {
        byte[] blob = new byte[NonceSize + plaintext.Length + TagSize];
        RandomNumberGenerator.Fill(blob.AsSpan(0, NonceSize));
        using AesGcm? own = keepsCipher ? null : new AesGcm(_key, TagSize);
        (own ?? _kept).Encrypt(blob.AsSpan(0, NonceSize), plaintext, blob.AsSpan(NonceSize, plaintext.Length), blob.AsSpan(^TagSize..), place);
        return blob;
    }

    internal byte[] Open(ReadOnlySpan<byte> blob, ReadOnlySpan<byte> place)
    {
        byte[] plaintext = new byte[blob.Length - NonceSize - TagSize];
        using AesGcm? own = keepsCipher ? null : new AesGcm(_key, TagSize);
        (own ?? _kept).Decrypt(blob[..NonceSize], blob[NonceSize..^TagSize], blob[^TagSize..], plaintext, place);
        return plaintext;
    }
}
