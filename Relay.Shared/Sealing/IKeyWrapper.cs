using Relay.Shared.Primitives;

namespace Relay.Shared.Sealing;

/// <summary>
/// The key vault as Relay needs it (spec/storage.md §4): one key-encryption key per tenant and month that wraps 256-bit keys
/// (RSA-3072, RSA-OAEP-256), and one ES256 key that signs the rows of table <c>dek</c>. Wrapping proves nothing (anyone may
/// wrap with a public key); the signature does.
/// </summary>
public interface IKeyWrapper
{
    /// <summary>Wraps a 32-byte key under the tenant's key of that month, which is made on first use.</summary>
    Task<WrappedKey> WrapAsync(string tenant, UtcDay day, ReadOnlyMemory<byte> key, CancellationToken cancellationToken);

    /// <summary>The key, or null when its key-encryption key was destroyed or doesn't open it.</summary>
    Task<SecretBytes?> UnwrapAsync(WrappedKey wrapped, CancellationToken cancellationToken);

    /// <summary>An ES256 signature (64 bytes, r ‖ s) over the SHA-256 of <paramref name="data"/>.</summary>
    Task<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    Task<bool> VerifyAsync(ReadOnlyMemory<byte> data, ReadOnlyMemory<byte> signature, CancellationToken cancellationToken);
}

/// <param name="KekId">Names the key-encryption key and its version.</param>
/// <param name="Bytes">The wrapped key.</param>
public sealed record WrappedKey(string KekId, byte[] Bytes);
