using System.Security.Cryptography;
using Azure;
using Azure.Security.KeyVault.Keys.Cryptography;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.Azure.KeyVault;

/// <summary>
/// Azure Key Vault. Key-encryption keys are named <c>kek-{tenant}-{yyyyMM}</c>: wrapping is local, with the public key; each unwrap is one call. The key
/// <c>signing</c> signs in the vault and is verified locally. A key that a row names is only ever looked for in this vault, under these names.
/// </summary>
public sealed class KeyVaultKeyWrapper(KeyVaultKeys keys) : IKeyWrapper
{
    public async Task PrepareAsync(KekName kek, CancellationToken cancellationToken) =>
        await keys.CurrentAsync(NameOf(kek), KeyVaultKeys.CreateKekAsync, cancellationToken);

    public async Task<WrappedKey> WrapAsync(string tenant, UtcDay day, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        KekName kek = KekName.Of(tenant, day);
        JsonWebKeyVersion current = await keys.CurrentAsync(NameOf(kek), KeyVaultKeys.CreateKekAsync, cancellationToken);
        byte[] plain = key.ToArray();
        try
        {
            WrapResult wrapped = await new CryptographyClient(current.Key).WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, plain, cancellationToken);
            return new WrappedKey($"{kek}/{current.Version}", wrapped.EncryptedKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    public async Task<SecretBytes?> UnwrapAsync(WrappedKey wrapped, CancellationToken cancellationToken)
    {
        if (!KekName.TryParse(wrapped.KekId, out KekName? kek) || wrapped.KekId.Split('/') is not [_, var version] || !KeyVaultKeys.IsVersion(version))
        {
            return null;
        }

        try
        {
            UnwrapResult unwrapped = await keys.CallAsync(
                "key unwrap",
                () => keys.Client(NameOf(kek), version).UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, wrapped.Bytes, cancellationToken),
                cancellationToken);
            return SecretBytes.Own(unwrapped.Key);
        }
        catch (RequestFailedException e) when (e.Status == 400)
        {
            // The vault is well and says that these bytes are nothing it can open.
            return null;
        }
    }

    public async Task<KeySignature> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        JsonWebKeyVersion current = await keys.CurrentAsync(SigningName, KeyVaultKeys.CreateSigningAsync, cancellationToken);
        byte[] digest = SHA256.HashData(data.Span);
        SignResult signed = await keys.CallAsync(
            "key sign", () => keys.Client(SigningName, current.Version).SignAsync(SignatureAlgorithm.ES256, digest, cancellationToken), cancellationToken);
        return new KeySignature(current.Version, signed.Signature);
    }

    public async Task<bool> VerifyAsync(ReadOnlyMemory<byte> data, KeySignature signature, CancellationToken cancellationToken)
    {
        if (!KeyVaultKeys.IsVersion(signature.KeyId))
        {
            return false;
        }

        if (await keys.FindAsync(SigningName, signature.KeyId, cancellationToken) is not { } key)
        {
            // Without a signing key nobody can tell what is forged; with one, that version never was.
            await keys.RequireAsync(SigningName, cancellationToken);
            return false;
        }

        VerifyResult verified = await new CryptographyClient(key.Key).VerifyAsync(
            SignatureAlgorithm.ES256, SHA256.HashData(data.Span), signature.Bytes, cancellationToken);
        return verified.IsValid;
    }

    public async Task<SigningKey?> FindSigningKeyAsync(string? version, CancellationToken cancellationToken)
    {
        if (version is not null && !KeyVaultKeys.IsVersion(version))
        {
            return null;
        }

        JsonWebKeyVersion? key = version is null
            ? await keys.CurrentAsync(SigningName, KeyVaultKeys.CreateSigningAsync, cancellationToken)
            : await keys.FindAsync(SigningName, version, cancellationToken);
        return key is null ? null : new SigningKey(key.Version, key.Key.X, key.Key.Y);
    }

    public Task DestroyAsync(KekName kek, CancellationToken cancellationToken) => keys.DeleteAsync(NameOf(kek), cancellationToken);

    private const string SigningName = "signing";

    private static string NameOf(KekName kek) => $"kek-{kek}";
}
