using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Administration.Entra;

/// <summary>
/// Judges access tokens of one Entra tenant: signed with RS256 by a key of its issuer, version 2.0, for the manager, in their time, and naming who bears them. Which of
/// these fails isn't told.
/// </summary>
public sealed class EntraTokens(EntraDirectory directory, EntraKeys keys, TimeProvider time)
{
    /// <summary>By how much the clocks may differ.</summary>
    internal static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    private const string Algorithm = SecurityAlgorithms.RsaSha256;

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    /// <exception cref="HttpRequestException">Entra's keys can't be had: nobody is let in.</exception>
    internal async Task<Result<EntraBearer, GraphError>> ExecuteAsync(Secret bearer, CancellationToken cancellationToken)
    {
        if (Parse(bearer) is not { Alg: Algorithm, Kid.Length: > 0 } token || await keys.FindAsync(token.Kid, cancellationToken) is not { } key)
        {
            return Refused;
        }

        TokenValidationResult result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = directory.Issuer,
            ValidAudience = directory.Audience,
            ValidAlgorithms = [Algorithm],
            IssuerSigningKey = key,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            LifetimeValidator = IsInTime,
            LogValidationExceptions = false,
        });
        return result.IsValid
            && Claim(token, "ver") == "2.0"
            && Guid.TryParseExact(Claim(token, "tid"), "D", out Guid tenant)
            && tenant == directory.Tenant
            && Guid.TryParseExact(Claim(token, "oid"), "D", out Guid objectId)
                ? new EntraBearer(objectId, Claim(token, "idtyp") == "app" || string.IsNullOrEmpty(Claim(token, "scp")))
                : Refused;
    }

    private static GraphError Refused => GraphErrorCode.InvalidToken.Because("The token is not one of this manager's Entra tenant, not for it, or expired.");

    /// <summary>Null for what is no JWT.</summary>
    private static JsonWebToken? Parse(Secret bearer)
    {
        try
        {
            return new JsonWebToken(bearer.Reveal());
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException or FormatException)
        {
            return null;
        }
    }

    private static string? Claim(JsonWebToken token, string name) => token.TryGetPayloadValue(name, out object? value) ? value as string : null;

    private bool IsInTime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        return expires is { } end && now < end + Skew && (notBefore is not { } start || now >= start - Skew);
    }
}

/// <param name="ObjectId">Who, in the tenant.</param>
/// <param name="IsApp">Whether a program signed in as itself, without anybody.</param>
internal sealed record EntraBearer(Guid ObjectId, bool IsApp);
