using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.Accounts;

/// <summary>The parameters of <c>oauth/access_token</c>.</summary>
public sealed record AppTokenRequest
{
    [JsonPropertyName("grant_type")]
    public string? GrantType { get; init; }

    [JsonPropertyName("client_id")]
    public string? ClientId { get; init; }

    [JsonPropertyName("client_secret")]
    public string? ClientSecret { get; init; }

    public override string ToString() => nameof(AppTokenRequest);
}

/// <summary>The parameters of <c>POST</c> and <c>DELETE /{version}/{app-id}/subscriptions</c>.</summary>
public sealed record AppSubscriptionRequest
{
    /// <summary><c>whatsapp_business_account</c>.</summary>
    [JsonPropertyName("object")]
    public string? Object { get; init; }

    [JsonPropertyName("callback_url")]
    public string? CallbackUrl { get; init; }

    [JsonPropertyName("verify_token")]
    public string? VerifyToken { get; init; }

    /// <summary>A list, JSON in a text, or names with commas.</summary>
    [JsonPropertyName("fields")]
    public JsonElement? Fields { get; init; }

    public override string ToString() => nameof(AppSubscriptionRequest);
}

/// <summary>The parameters of <c>debug_token</c>.</summary>
public sealed record DebugTokenRequest
{
    [JsonPropertyName("input_token")]
    public string? InputToken { get; init; }

    public override string ToString() => nameof(DebugTokenRequest);
}
