using System.Collections.Concurrent;
using Azure;
using Azure.Core;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Azure.KeyVault;

/// <summary>
/// The keys of one vault by name: public halves cached for an hour, at most <see cref="MaxCalls"/> calls at a time, and every refusal that isn't an
/// answer a <see cref="StorageFaultException"/> whose text holds no address.
/// </summary>
public sealed class KeyVaultKeys : IDisposable
{
    internal const int MaxCalls = 32;

    private const int MaxCached = 10_000;
    private const int VersionLength = 32;
    private const int KekBits = 3072;
    private const string Target = "key vault";

    private static readonly TimeSpan s_life = TimeSpan.FromHours(1);

    private readonly KeyClient _client;
    private readonly SemaphoreSlim _calls = new(MaxCalls);
    private readonly SemaphoreSlim _making = new(1);
    private readonly ShortCache<(string Name, string? Version), JsonWebKeyVersion> _public;
    private readonly ConcurrentDictionary<(string Name, string Version), CryptographyClient> _clients = [];

    /// <param name="vault">The vault's address.</param>
    /// <param name="credential">Who we are there.</param>
    /// <param name="options">Retries and transport.</param>
    /// <param name="time">Ends what is cached.</param>
    public KeyVaultKeys(Uri vault, TokenCredential credential, KeyClientOptions options, TimeProvider time)
    {
        _client = new KeyClient(vault, credential, options);
        _public = new ShortCache<(string, string?), JsonWebKeyVersion>(time, s_life, MaxCached);
    }

    public void Dispose()
    {
        _calls.Dispose();
        _making.Dispose();
    }

    internal static bool IsVersion(string text) => text.Length == VersionLength && text.All(char.IsAsciiHexDigitLower);

    /// <summary>RSA-3072 that may wrap and unwrap and nothing else.</summary>
    internal static async Task<KeyVaultKey> CreateKekAsync(KeyClient client, string name, CancellationToken cancellationToken)
    {
        CreateRsaKeyOptions options = new(name) { KeySize = KekBits };
        options.KeyOperations.Add(KeyOperation.WrapKey);
        options.KeyOperations.Add(KeyOperation.UnwrapKey);
        return await client.CreateRsaKeyAsync(options, cancellationToken);
    }

    /// <summary>P-256 that may sign and verify and nothing else.</summary>
    internal static async Task<KeyVaultKey> CreateSigningAsync(KeyClient client, string name, CancellationToken cancellationToken)
    {
        CreateEcKeyOptions options = new(name) { CurveName = KeyCurveName.P256 };
        options.KeyOperations.Add(KeyOperation.Sign);
        options.KeyOperations.Add(KeyOperation.Verify);
        return await client.CreateEcKeyAsync(options, cancellationToken);
    }

    /// <summary>
    /// The current version of a key, made on first use: one key at a time, for a vault makes only 20 in 10 s. Two processes that make it at the same
    /// time make two versions of one key: each goes on with its own, all can be opened, and from the next look on everybody uses the younger.
    /// </summary>
    internal async ValueTask<JsonWebKeyVersion> CurrentAsync(
        string name, Func<KeyClient, string, CancellationToken, Task<KeyVaultKey>> create, CancellationToken cancellationToken)
    {
        if (_public.TryGet((name, null)) is { } known)
        {
            return known;
        }

        if (await LoadAsync(name, null, cancellationToken) is { } current)
        {
            _public.Put((name, null), current);
            return current;
        }

        await _making.WaitAsync(cancellationToken);
        try
        {
            // Whoever was before us here may have made it.
            JsonWebKeyVersion made = _public.TryGet((name, null))
                ?? ToVersion(await CallAsync("key create", () => create(_client, name, cancellationToken), cancellationToken));
            _public.Put((name, null), made);
            return made;
        }
        finally
        {
            _making.Release();
        }
    }

    /// <summary>One version of a key; null when there is none.</summary>
    internal ValueTask<JsonWebKeyVersion?> FindAsync(string name, string version, CancellationToken cancellationToken) =>
        _public.GetAsync((name, version), token => LoadAsync(name, version, token), cancellationToken);

    /// <exception cref="StorageFaultException">There is no such key: deleted, and perhaps to be recovered.</exception>
    internal async Task RequireAsync(string name, CancellationToken cancellationToken)
    {
        if (await LoadAsync(name, null, cancellationToken) is null)
        {
            throw new StorageFaultException("key get", Target, 404, "KeyNotFound");
        }
    }

    internal CryptographyClient Client(string name, string version)
    {
        if (_clients.Count > MaxCached)
        {
            _clients.Clear();
        }

        return _clients.GetOrAdd((name, version), static (key, client) => client.GetCryptographyClient(key.Name, key.Version), _client);
    }

    /// <summary>Begins the deletion of a key with all its versions; the vault keeps it for its soft-delete days and then forgets it.</summary>
    internal async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await CallAsync("key delete", () => _client.StartDeleteKeyAsync(name, cancellationToken), cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // Never made, or deleted before.
        }

        _public.Remove((name, null));
    }

    /// <summary>Lets out 404 of a key that is looked for or deleted, and 400, as they are: they are answers. Everything else is a fault.</summary>
    /// <exception cref="StorageFaultException">The vault didn't do it.</exception>
    internal async Task<T> CallAsync<T>(string operation, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        await _calls.WaitAsync(cancellationToken);
        try
        {
            return await call();
        }
        catch (RequestFailedException e) when (e.Status == 400 || (e.Status == 404 && operation is "key get" or "key delete"))
        {
            throw;
        }
        catch (Exception e) when (AzureFault.Is(e, cancellationToken))
        {
            throw AzureFault.From(e, operation, Target);
        }
        finally
        {
            _calls.Release();
        }
    }

    private static JsonWebKeyVersion ToVersion(KeyVaultKey key) => new(key.Properties.Version, key.Key);

    private async Task<JsonWebKeyVersion?> LoadAsync(string name, string? version, CancellationToken cancellationToken)
    {
        try
        {
            Response<KeyVaultKey> found = await CallAsync("key get", () => _client.GetKeyAsync(name, version, cancellationToken), cancellationToken);
            return ToVersion(found.Value);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }
}

/// <param name="Version">32 hex digits.</param>
/// <param name="Key">The public half.</param>
internal sealed record JsonWebKeyVersion(string Version, JsonWebKey Key);
