using System.Text.Json.Serialization;

namespace Relay.Shared.Accounts.Wire;

/// <summary>Issues an access token. <c>POST /relay/v1/admin/businesses/{id}/access_tokens</c>.</summary>
/// <param name="Scopes"><c>whatsapp_business_messaging</c> and <c>whatsapp_business_management</c>; as many as the caller may give and the user may have when absent.</param>
/// <param name="ExpiresAt">In Unix seconds; never when absent.</param>
/// <param name="SystemUserId">Whose it is; of the system user that every business has when absent.</param>
public sealed record IssueTokenRequest(
    [property: JsonPropertyName("scopes")] IReadOnlyList<string>? Scopes = null,
    [property: JsonPropertyName("expires_at")] long? ExpiresAt = null,
    [property: JsonPropertyName("system_user_id")] string? SystemUserId = null);

/// <param name="Id">Names it, for revocation.</param>
/// <param name="AccessToken">The token, shown once.</param>
public sealed record IssueTokenResponse(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("access_token")] string AccessToken)
{
    public override string ToString() => nameof(IssueTokenResponse);
}

/// <summary>Sets when a token ends. <c>PUT /relay/v1/admin/businesses/{id}/access_tokens/{token-id}/expiry</c>.</summary>
/// <param name="ExpiresAt">In Unix seconds.</param>
public sealed record SetTokenExpiryRequest([property: JsonPropertyName("expires_at")] long? ExpiresAt);

/// <summary>A page of a business's tokens. <c>GET /relay/v1/admin/businesses/{id}/access_tokens</c>.</summary>
/// <param name="Data">By id.</param>
/// <param name="Next">What <c>after</c> takes for the next page; absent at the end.</param>
public sealed record ListTokensResponse(
    [property: JsonPropertyName("data")] IReadOnlyList<ListedToken> Data, [property: JsonPropertyName("next")] string? Next);

/// <param name="Id">16 hex digits.</param>
/// <param name="SystemUserId">Whose it is; absent for the system user that every business has.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Status"><c>active</c>, <c>expired</c> or <c>revoked</c>.</param>
/// <param name="CreatedAt">In Unix seconds, like all times here.</param>
/// <param name="ExpiresAt">Absent for never.</param>
/// <param name="RevokedAt">Absent for one that was not.</param>
public sealed record ListedToken(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("system_user_id")] string? SystemUserId,
    [property: JsonPropertyName("scopes")] IReadOnlyList<string> Scopes,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("created_at")] long? CreatedAt,
    [property: JsonPropertyName("expires_at")] long? ExpiresAt,
    [property: JsonPropertyName("revoked_at")] long? RevokedAt)
{
    internal static ListedToken From(TokenFacts facts, DateTimeOffset now) => new(
        facts.Id,
        facts.SystemUser,
        ScopeNames.Of(facts.Scopes),
        facts switch { { Revoked: not null } => "revoked", _ when facts.EndedAt(now) is not null => "expired", _ => "active" },
        facts.Created?.ToUnixTimeSeconds(),
        facts.Expires?.ToUnixTimeSeconds(),
        facts.Revoked?.ToUnixTimeSeconds());
}

/// <summary>Adds a system user. <c>POST /relay/v1/admin/businesses/{id}/system_users</c>.</summary>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="Role"><c>ADMIN</c> or <c>EMPLOYEE</c>.</param>
public sealed record AddSystemUserRequest([property: JsonPropertyName("name")] string? Name, [property: JsonPropertyName("role")] string? Role)
{
    public override string ToString() => nameof(AddSystemUserRequest);
}

public sealed record AddSystemUserResponse([property: JsonPropertyName("id")] string Id);

/// <summary>Every system user but the one that each business has. <c>GET /relay/v1/admin/businesses/{id}/system_users</c>.</summary>
public sealed record ListSystemUsersResponse([property: JsonPropertyName("data")] IReadOnlyList<ListedSystemUser> Data);

/// <param name="Id">Digits.</param>
/// <param name="Name">As it was given.</param>
/// <param name="Role"><c>ADMIN</c> or <c>EMPLOYEE</c>.</param>
/// <param name="CreatedAt">In Unix seconds.</param>
public sealed record ListedSystemUser(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("role")] string Role,
    [property: JsonPropertyName("created_at")] long CreatedAt)
{
    public override string ToString() => nameof(ListedSystemUser);
}
