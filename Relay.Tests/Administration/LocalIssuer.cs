using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using Relay.Shared.Administration.Entra;

namespace Relay.Tests.Administration;

/// <summary>An OpenID issuer on loopback that speaks as Entra does, with real RSA keys, and makes whatever token a test asks for.</summary>
internal sealed class LocalIssuer : IAsyncDisposable
{
    public const string Audience = "api-of-the-manager";

    private readonly WebApplication _app;
    private readonly Dictionary<string, RSA> _keys = [];

    private LocalIssuer(WebApplication app) => _app = app;

    public Guid Tenant { get; } = Guid.NewGuid();

    public EntraDirectory Directory => new(Tenant, Audience, new Uri(_app.Urls.First()));

    public string Issuer => Directory.Issuer;

    public bool IsAway { get; set; }

    /// <summary>What the configuration says of the issuer; its own unless a test says otherwise.</summary>
    public string? SaidIssuer { get; set; }

    public string? SaidKeys { get; set; }

    /// <summary>How often keys were fetched.</summary>
    public int Fetches { get; private set; }

    public static async Task<LocalIssuer> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        LocalIssuer issuer = new(builder.Build());
        issuer._app.MapGet("/{tenant}/v2.0/.well-known/openid-configuration", () => issuer.Answer(new
        {
            issuer = issuer.SaidIssuer ?? issuer.Issuer,
            jwks_uri = issuer.SaidKeys ?? $"{issuer._app.Urls.First()}/keys",
        }));
        issuer._app.MapGet("/keys", () =>
        {
            issuer.Fetches++;
            return issuer.Answer(new { keys = issuer._keys.Select(key => Public(key.Key, key.Value)) });
        });
        await issuer._app.StartAsync();
        issuer.AddKey("one");
        return issuer;
    }

    public void AddKey(string id, int bits = 2_048) => _keys[id] = RSA.Create(bits);

    public void DropKey(string id) => _keys.Remove(id);

    /// <summary>The public key as a text that HS256 could be keyed with.</summary>
    public byte[] PublicKey(string id) => Encoding.UTF8.GetBytes(_keys[id].ExportSubjectPublicKeyInfoPem());

    /// <summary>A token that is right in everything, but for what is given.</summary>
    public string Token(Guid who, DateTimeOffset now, Action<Dictionary<string, object?>>? change = null, string key = "one", string alg = "RS256", RSA? signer = null, string? kid = null)
    {
        Dictionary<string, object?> claims = new()
        {
            ["iss"] = Issuer,
            ["aud"] = Audience,
            ["tid"] = Tenant.ToString("D"),
            ["oid"] = who.ToString("D"),
            ["ver"] = "2.0",
            ["scp"] = "Relay.Manage",
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
        };
        change?.Invoke(claims);
        string signed = Encode(new Dictionary<string, object?> { ["typ"] = "JWT", ["alg"] = alg, ["kid"] = kid ?? key })
            + "." + Encode(claims.Where(claim => claim.Value is not null).ToDictionary());
        byte[] bytes = Encoding.ASCII.GetBytes(signed);
        byte[] signature = alg switch
        {
            "none" => [],
            "HS256" => HMACSHA256.HashData(PublicKey(key), bytes),
            "PS256" => (signer ?? _keys[key]).SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            _ => (signer ?? _keys[key]).SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        };
        return signed + "." + Base64UrlEncoder.Encode(signature);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        foreach (RSA key in _keys.Values)
        {
            key.Dispose();
        }
    }

    private static string Encode(object value) => Base64UrlEncoder.Encode(JsonSerializer.SerializeToUtf8Bytes(value));

    private static object Public(string id, RSA key)
    {
        RSAParameters parameters = key.ExportParameters(false);
        return new { kty = "RSA", use = "sig", kid = id, n = Base64UrlEncoder.Encode(parameters.Modulus), e = Base64UrlEncoder.Encode(parameters.Exponent) };
    }

    private IResult Answer(object value) => IsAway ? Results.StatusCode(503) : Results.Text(JsonSerializer.Serialize(value), "application/json");
}
