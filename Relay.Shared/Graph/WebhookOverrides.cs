using System.Text.Json.Serialization;

namespace Relay.Shared.Graph;

/// <summary>Where webhooks are to go instead; an empty or absent address removes the override.</summary>
public sealed record WebhookOverride(
    [property: JsonPropertyName("override_callback_uri")] string? Callback = null,
    [property: JsonPropertyName("verify_token")] string? VerifyToken = null)
{
    public override string ToString() => nameof(WebhookOverride);
}

/// <summary>The addresses that are set, from the least to the most specific; the last one is called.</summary>
public sealed record WebhookConfiguration(
    [property: JsonPropertyName("application")] string? Application,
    [property: JsonPropertyName("whatsapp_business_account")] string? Account,
    [property: JsonPropertyName("phone_number")] string? Number)
{
    public override string ToString() => "[redacted]";
}

/// <summary>The answer of <c>GET /{version}/{waba-id}/subscribed_apps</c>.</summary>
public sealed record SubscribedAppsResponse([property: JsonPropertyName("data")] IReadOnlyList<SubscribedApp> Data);

public sealed record SubscribedApp(
    [property: JsonPropertyName("whatsapp_business_api_data")] SubscribedAppData App,
    [property: JsonPropertyName("override_callback_uri")] string? Override);

public sealed record SubscribedAppData([property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("name")] string Name)
{
    public override string ToString() => nameof(SubscribedAppData);
}
