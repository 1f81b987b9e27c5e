using System.Security.Cryptography;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.Azure;

/// <summary>
/// The development key vault: the same keys, algorithms and client as Key Vault, over a key file that only its owner may read
/// (mode 0600), or over nothing but memory. Whoever reads that file reads everything: never for production.
/// </summary>
public sealed class LocalKeyWrapper(LocalKeyFile file) : IKeyWrapper, IDisposable
{
    private const int KekBits = 3072;

    private readonly SemaphoreSlim _gate = new(1, 1);

    public async Task<WrappedKey> WrapAsync(string tenant, UtcDay day, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        string kekId = $"{tenant}-{day.MonthKey}";
        CryptographyClient client = new(await KekAsync(kekId, cancellationToken));
        WrapResult wrapped = await client.WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, key.ToArray(), cancellationToken);
        return new WrappedKey(kekId, wrapped.EncryptedKey);
    }

    public async Task<SecretBytes?> UnwrapAsync(WrappedKey wrapped, CancellationToken cancellationToken)
    {
        if (file.Find(wrapped.KekId) is not { } kek)
        {
            return null;
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

    public async Task<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        CryptographyClient client = new(await SigningKeyAsync(cancellationToken));
        SignResult signed = await client.SignAsync(SignatureAlgorithm.ES256, SHA256.HashData(data.Span), cancellationToken);
        return signed.Signature;
    }

    public async Task<bool> VerifyAsync(ReadOnlyMemory<byte> data, ReadOnlyMemory<byte> signature, CancellationToken cancellationToken)
    {
        CryptographyClient client = new(await SigningKeyAsync(cancellationToken));
        VerifyResult verified = await client.VerifyAsync(SignatureAlgorithm.ES256, SHA256.HashData(data.Span), signature.ToArray(), cancellationToken);
        return verified.IsValid;
    }

    public void Dispose() => _gate.Dispose();

    private Task<JsonWebKey> SigningKeyAsync(CancellationToken cancellationToken) =>
        FindOrAddAsync("signing", static () => new JsonWebKey(ECDsa.Create(ECCurve.NamedCurves.nistP256), includePrivateParameters: true), cancellationToken);

    private Task<JsonWebKey> KekAsync(string kekId, CancellationToken cancellationToken) =>
        FindOrAddAsync(kekId, static () => new JsonWebKey(RSA.Create(KekBits), includePrivateParameters: true), cancellationToken);

    private async Task<JsonWebKey> FindOrAddAsync(string name, Func<JsonWebKey> make, CancellationToken cancellationToken)
    {
        if (file.Find(name) is { } found)
        {
            return found;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            return file.Find(name) ?? file.Add(name, make());
        }
        finally
        {
            _gate.Release();
        }
    }
}
