using System.Security.Cryptography;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Azure;

/// <summary>
/// The development key vault: the same keys, algorithms and client as Key Vault, over a key file that only its owner may read
/// (mode 0600), or over nothing but memory. Whoever reads that file reads everything: never for production.
/// </summary>
public sealed class LocalKeyWrapper(LocalKeyFile file) : IKeyWrapper
{
    private const int KekBits = 3072;
    private const string SigningName = "signing";

    /// <summary>Nothing to do: a key is made here as fast as it is looked up there.</summary>
    public Task PrepareAsync(KekName kek, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<WrappedKey> WrapAsync(string tenant, UtcDay day, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        string kekId = KekName.Of(tenant, day).ToString();
        CryptographyClient client = new(Kek(kekId));
        WrapResult wrapped = await client.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, key.ToArray(), cancellationToken);
        return new WrappedKey(kekId, wrapped.EncryptedKey);
    }

    public async Task<SecretBytes?> UnwrapAsync(WrappedKey wrapped, CancellationToken cancellationToken)
    {
        if (file.Find(wrapped.KekId) is not { } kek)
        {
            throw new StorageFaultException("key unwrap", "key file", 404, "KeyNotFound");
        }

        try
        {
            UnwrapResult unwrapped = await new CryptographyClient(kek).UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, wrapped.Bytes, cancellationToken);
            return SecretBytes.Own(unwrapped.Key);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public async Task<KeySignature> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        CryptographyClient client = new(SigningKey());
        SignResult signed = await client.SignAsync(SignatureAlgorithm.ES256, SHA256.HashData(data.Span), cancellationToken);
        return new KeySignature(SigningName, signed.Signature);
    }

    public async Task<bool> VerifyAsync(ReadOnlyMemory<byte> data, KeySignature signature, CancellationToken cancellationToken)
    {
        if (signature.KeyId != SigningName)
        {
            return false;
        }

        CryptographyClient client = new(SigningKey());
        VerifyResult verified = await client.VerifyAsync(SignatureAlgorithm.ES256, SHA256.HashData(data.Span), signature.Bytes, cancellationToken);
        return verified.IsValid;
    }

    public Task<SigningKey?> FindSigningKeyAsync(string? version, CancellationToken cancellationToken)
    {
        JsonWebKey? key = version is null or SigningName ? SigningKey() : null;
        return Task.FromResult(key is null ? null : new SigningKey(SigningName, key.X, key.Y));
    }

    public Task DestroyAsync(KekName kek, CancellationToken cancellationToken)
    {
        file.Remove(kek.ToString());
        return Task.CompletedTask;
    }

    private JsonWebKey SigningKey() =>
        file.GetOrAdd(SigningName, static () => new JsonWebKey(ECDsa.Create(ECCurve.NamedCurves.nistP256), includePrivateParameters: true));

    private JsonWebKey Kek(string kekId) =>
        file.GetOrAdd(kekId, static () => new JsonWebKey(RSA.Create(KekBits), includePrivateParameters: true));
}
