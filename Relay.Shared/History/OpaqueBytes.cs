// version(1)=1 | nonce(12) | AES-256-GCM(plain) | tag(16). The nonce is synthetic: the first 12 bytes of HMAC-SHA256(context ‖ plain), so that
// one plaintext has one form and no nonce is ever used for two. The context is authenticated data; each purpose has keys of its own.
using System.Security.Cryptography;
using System.Text;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.History;

/// <summary>
/// What Relay hands out to get it back: encrypted and authentic under the business's id key, of one purpose and one context. Anybody else's,
/// another purpose's or a forged one doesn't open. It protects places, not content, and has no life of its own.
/// </summary>
public sealed class OpaqueBytes(KeyRing keys)
{
    private const byte Version = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int SubkeySize = 32;

    /// <summary>What the form adds to the plaintext.</summary>
    internal const int Overhead = 1 + NonceSize + TagSize;

    internal async ValueTask<byte[]> SealAsync(BusinessId business, string purpose, string context, byte[] plain, CancellationToken cancellationToken)
    {
        using SecretBytes subkeys = await SubkeysAsync(business, purpose, cancellationToken);
        byte[] bound = Encoding.ASCII.GetBytes(context);
        byte[] bytes = new byte[plain.Length + Overhead];
        bytes[0] = Version;
        Nonce(subkeys, bound, plain).CopyTo(bytes.AsSpan(1));
        using AesGcm aes = new(subkeys.Reveal()[..SubkeySize], TagSize);
        aes.Encrypt(bytes.AsSpan(1, NonceSize), plain, bytes.AsSpan(1 + NonceSize, plain.Length), bytes.AsSpan(^TagSize..), bound);
        return bytes;
    }

    /// <summary>Null when it isn't one of this business, purpose and context.</summary>
    internal async ValueTask<byte[]?> OpenAsync(BusinessId business, string purpose, string context, byte[] bytes, CancellationToken cancellationToken)
    {
        if (bytes.Length < Overhead || bytes[0] != Version)
        {
            return null;
        }

        using SecretBytes subkeys = await SubkeysAsync(business, purpose, cancellationToken);
        byte[] plain = new byte[bytes.Length - Overhead];
        try
        {
            using AesGcm aes = new(subkeys.Reveal()[..SubkeySize], TagSize);
            aes.Decrypt(bytes.AsSpan(1, NonceSize), bytes.AsSpan(1 + NonceSize, plain.Length), bytes.AsSpan(^TagSize..), plain, Encoding.ASCII.GetBytes(context));
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static ReadOnlySpan<byte> Nonce(SecretBytes subkeys, byte[] context, byte[] plain)
    {
        byte[] length = BitConverter.GetBytes(context.Length);
        return HMACSHA256.HashData(subkeys.Reveal()[SubkeySize..], [.. length, .. context, .. plain]).AsSpan(0, NonceSize);
    }

    /// <summary>The AES-GCM key and the key of the synthetic nonce.</summary>
    private ValueTask<SecretBytes> SubkeysAsync(BusinessId business, string purpose, CancellationToken cancellationToken) =>
        keys.DerivedKeysAsync(business.Value, "ids", purpose, 2 * SubkeySize, cancellationToken);
}
