using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.Accounts;

/// <summary>The body of <c>POST /{version}/{node-id}</c>, of a phone number and of an account: what is to change. What Relay doesn't have is refused by name.</summary>
public sealed record ChangeNodeRequest
{
    [JsonPropertyName("webhook_configuration")]
    public WebhookOverride? WebhookConfiguration { get; init; }

    /// <summary>Of a phone number: its two-step PIN, 6 digits.</summary>
    [JsonPropertyName("pin")]
    public string? Pin { get; init; }

    /// <summary>Of an account.</summary>
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    /// <summary>Of an account: Meta's number of a time zone.</summary>
    [JsonPropertyName("timezone_id")]
    public string? TimezoneId { get; init; }

    [JsonPropertyName("new_display_name")]
    public JsonElement? NewDisplayName { get; init; }

    [JsonPropertyName("username")]
    public JsonElement? Username { get; init; }

    [JsonPropertyName("search_visibility")]
    public JsonElement? SearchVisibility { get; init; }

    [JsonPropertyName("connection_status")]
    public JsonElement? ConnectionStatus { get; init; }

    public override string ToString() => nameof(ChangeNodeRequest);
}
