using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.IdentityModel.Tokens;

namespace Relay.Shared.Administration.Entra;

/// <summary>
/// The keys that Entra signs tokens with. Fetched anew after an hour and for a key that isn't among them, at most once a minute whatever anybody sends. While Entra is
/// away those that are there go on for a day.
/// </summary>
public sealed partial class EntraKeys(HttpClient http, EntraDirectory directory, TimeProvider time) : IDisposable
{
    internal static readonly TimeSpan Life = TimeSpan.FromHours(1);
    internal static readonly TimeSpan MaxAge = TimeSpan.FromHours(24);
    internal static readonly TimeSpan BetweenFetches = TimeSpan.FromMinutes(1);
    internal static readonly TimeSpan BetweenFirstFetches = TimeSpan.FromSeconds(5);

    private const int MinBits = 2_048;

    private readonly SemaphoreSlim _turn = new(1);
    private Loaded? _loaded;
    private DateTimeOffset _nextFetch = DateTimeOffset.MinValue;

    /// <summary>Null when there is no such key.</summary>
    /// <exception cref="HttpRequestException">No keys are there, or they are too old.</exception>
    internal async ValueTask<SecurityKey?> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (Volatile.Read(ref _loaded) is { } fresh && now - fresh.At < Life && fresh.Keys.TryGetValue(keyId, out SecurityKey? known))
        {
            return known;
        }

        await RefreshAsync(cancellationToken);
        return Volatile.Read(ref _loaded) is { } loaded && now - loaded.At < MaxAge
            ? loaded.Keys.GetValueOrDefault(keyId)
            : throw new HttpRequestException("Entra's signing keys can't be had.");
    }

    public void Dispose()
    {
        _turn.Dispose();
        http.Dispose();
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            DateTimeOffset now = time.GetUtcNow();
            if (now < _nextFetch)
            {
                return;
            }

            _nextFetch = now + (_loaded is null ? BetweenFirstFetches : BetweenFetches);
            if (await TryFetchAsync(cancellationToken) is { Count: > 0 } keys)
            {
                _nextFetch = now + BetweenFetches;
                Volatile.Write(ref _loaded, new Loaded(keys, now));
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Null when Entra is away, or isn't itself.</summary>
    private async Task<Dictionary<string, SecurityKey>?> TryFetchAsync(CancellationToken cancellationToken)
    {
        try
        {
            byte[] text = await http.GetByteArrayAsync(directory.Configuration, cancellationToken);
            return JsonSerializer.Deserialize(text, EntraJson.Default.Configuration) is { JwksUri: { } jwks } configuration
                && configuration.Issuer == directory.Issuer
                && Uri.TryCreate(jwks, UriKind.Absolute, out Uri? address)
                && directory.IsAuthoritys(address)
                    ? Read(await http.GetStringAsync(address, cancellationToken))
                    : null;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or ArgumentException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private static Dictionary<string, SecurityKey> Read(string keySet)
    {
        Dictionary<string, SecurityKey> keys = [];
        foreach (JsonWebKey key in new JsonWebKeySet(keySet).Keys)
        {
            if (key is { Kty: JsonWebAlgorithmsKeyTypes.RSA, Kid.Length: > 0, N.Length: > 0, E.Length: > 0, Use: null or "" or "sig" } && ToKey(key) is { } usable)
            {
                keys[key.Kid] = usable;
            }
        }

        return keys;
    }

    /// <summary>The public half alone, so that nothing else of what was sent can be used.</summary>
    private static RsaSecurityKey? ToKey(JsonWebKey key)
    {
        RSAParameters parameters = new() { Modulus = Base64UrlEncoder.DecodeBytes(key.N), Exponent = Base64UrlEncoder.DecodeBytes(key.E) };
        return parameters.Modulus.Length * 8 < MinBits
            ? null
            : new RsaSecurityKey(parameters) { KeyId = key.Kid, CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } };
    }

    private sealed record Loaded(IReadOnlyDictionary<string, SecurityKey> Keys, DateTimeOffset At);

    private sealed record Configuration(
        [property: JsonPropertyName("issuer")] string? Issuer, [property: JsonPropertyName("jwks_uri")] string? JwksUri);

    [JsonSerializable(typeof(Configuration))]
    private sealed partial class EntraJson : JsonSerializerContext;
}
