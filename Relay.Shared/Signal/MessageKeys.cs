// spec/signal.md §3.3 and §4: seed -> cipher key (32) || MAC key (32) || IV (16); AES-256-CBC with PKCS#7;
// MAC = first 8 bytes of HMAC-SHA256(MAC key, sender identity || receiver identity || version byte || protobuf bytes).

using System.Security.Cryptography;

namespace Relay.Shared.Signal;

/// <summary>The keys of one message over a buffer the caller owns and wipes.</summary>
internal readonly ref struct MessageKeys
{
    internal const int Bytes = 80;

    internal const int MacBytes = 8;

    private const int BlockBytes = 16;

    private readonly Span<byte> _keys;

    /// <param name="seed">From the chain.</param>
    /// <param name="salt">The post-quantum message key; empty when there is none (§4).</param>
    /// <param name="buffer">80 bytes, to be wiped by the caller.</param>
    internal MessageKeys(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> salt, Span<byte> buffer)
    {
        _keys = buffer[..Bytes];
        SignalKdf.Message(seed, salt, _keys);
    }

    internal ReadOnlySpan<byte> CipherKey => _keys[..32];

    internal ReadOnlySpan<byte> MacKey => _keys[32..64];

    internal ReadOnlySpan<byte> Iv => _keys[64..];

    internal static int CiphertextLength(int plaintextLength) => ((plaintextLength / BlockBytes) + 1) * BlockBytes;

    internal void Encrypt(ReadOnlySpan<byte> plaintext, Span<byte> ciphertext)
    {
        using var aes = Aes.Create();
        aes.SetKey(CipherKey);
        aes.EncryptCbc(plaintext, Iv, ciphertext);
    }

    /// <summary>Null when the padding is wrong. Only for content whose MAC was right: otherwise it is a padding oracle.</summary>
    internal byte[]? Decrypt(ReadOnlySpan<byte> ciphertext)
    {
        if (ciphertext.IsEmpty || ciphertext.Length % BlockBytes != 0)
        {
            return null;
        }

        using var aes = Aes.Create();
        aes.SetKey(CipherKey);
        byte[] padded = new byte[ciphertext.Length];
        try
        {
            return aes.TryDecryptCbc(ciphertext, Iv, padded, out int written) ? padded[..written] : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(padded);
        }
    }

    /// <param name="sender">The sender's identity.</param>
    /// <param name="receiver">The receiver's identity.</param>
    /// <param name="authenticated">The version byte as sent or received, and the protobuf bytes.</param>
    /// <param name="mac">Eight bytes.</param>
    internal void Mac(PublicKey sender, PublicKey receiver, ReadOnlySpan<byte> authenticated, Span<byte> mac)
    {
        Span<byte> full = stackalloc byte[HMACSHA256.HashSizeInBytes];
        FullMac(sender, receiver, authenticated, full);
        full[..MacBytes].CopyTo(mac);
    }

    internal void FullMac(PublicKey sender, PublicKey receiver, ReadOnlySpan<byte> authenticated, Span<byte> mac) =>
        Sodium.HmacSha256(MacKey, sender.Serialized, receiver.Serialized, authenticated, mac);
}
