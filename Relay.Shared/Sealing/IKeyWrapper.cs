using Relay.Shared.Primitives;

namespace Relay.Shared.Sealing;

/// <summary>
/// The key vault as Relay needs it (spec/storage.md §4): one key-encryption key per tenant and month that wraps 256-bit keys
/// (RSA-3072, RSA-OAEP-256), and one ES256 key that signs the rows of table <c>dek</c> and deletion receipts. Wrapping proves nothing (anyone may
/// wrap with a public key); the signature does. A vault that doesn't answer, refuses, or has no such key is a
/// <see cref="Storage.StorageFaultException"/>, never an answer: what can't be opened now may be so again when an operator has mended it.
/// </summary>
public interface IKeyWrapper
{
    /// <summary>Makes a key-encryption key before its first use; that it is there is no error.</summary>
    Task PrepareAsync(KekName kek, CancellationToken cancellationToken);

    /// <summary>Wraps a 32-byte key under the tenant's key of that month, which is made on first use.</summary>
    Task<WrappedKey> WrapAsync(string tenant, UtcDay day, ReadOnlyMemory<byte> key, CancellationToken cancellationToken);

    /// <summary>The key, or null when its key-encryption key doesn't open it: it was wrapped by another, or damaged.</summary>
    Task<SecretBytes?> UnwrapAsync(WrappedKey wrapped, CancellationToken cancellationToken);

    /// <summary>An ES256 signature over the SHA-256 of <paramref name="data"/>.</summary>
    Task<KeySignature> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>Whether the signing key made that signature, in the version that it names.</summary>
    Task<bool> VerifyAsync(ReadOnlyMemory<byte> data, KeySignature signature, CancellationToken cancellationToken);

    /// <summary>The public half of one version of the signing key, or null when there is no such version; without a version, of the one that signs now.</summary>
    Task<SigningKey?> FindSigningKeyAsync(string? version, CancellationToken cancellationToken);

    /// <summary>Destroys a key-encryption key with all its versions; that it isn't there is no error.</summary>
    Task DestroyAsync(KekName kek, CancellationToken cancellationToken);
}

/// <param name="KekId">Names the key-encryption key and its version: <c>{tenant}-{yyyyMM}/{version}</c>, or without a version where there are none.</param>
/// <param name="Bytes">The wrapped key.</param>
public sealed record WrappedKey(string KekId, byte[] Bytes);

/// <param name="KeyId">The signing key's version.</param>
/// <param name="Bytes">64 bytes, r ‖ s.</param>
public sealed record KeySignature(string KeyId, byte[] Bytes);
