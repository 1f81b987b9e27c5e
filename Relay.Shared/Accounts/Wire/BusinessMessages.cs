using System.Text.Json.Serialization;

namespace Relay.Shared.Accounts.Wire;

/// <summary>Renames a business. <c>PUT /relay/v1/admin/businesses/{id}/name</c>.</summary>
/// <param name="Name">1 to 256 characters.</param>
public sealed record RenameBusinessRequest([property: JsonPropertyName("name")] string? Name)
{
    public override string ToString() => nameof(RenameBusinessRequest);
}

/// <summary>Gives a business's app another secret. <c>POST /relay/v1/admin/businesses/{id}/app_secret</c>.</summary>
/// <param name="OverlapHours">For how long the one before still opens; 0 to 168, 24 when absent.</param>
public sealed record RotateAppSecretRequest([property: JsonPropertyName("overlap_hours")] int? OverlapHours = null);

/// <param name="AppSecret">The new secret, shown once. It signs from now on.</param>
/// <param name="PreviousUntil">When the one before ends, in Unix seconds.</param>
public sealed record RotateAppSecretResponse(
    [property: JsonPropertyName("app_secret")] string AppSecret, [property: JsonPropertyName("previous_until")] long PreviousUntil)
{
    public override string ToString() => nameof(RotateAppSecretResponse);
}

/// <summary>A page of businesses. <c>GET /relay/v1/admin/businesses</c>.</summary>
/// <param name="Data">By id: those that the caller has a role for.</param>
/// <param name="Next">What <c>after</c> takes for the next page; absent at the end.</param>
public sealed record ListBusinessesResponse(
    [property: JsonPropertyName("data")] IReadOnlyList<ListedBusiness> Data, [property: JsonPropertyName("next")] string? Next);

public sealed record ListedBusiness([property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("name")] string Name)
{
    public override string ToString() => nameof(ListedBusiness);
}

/// <summary>A business, without its secrets. <c>GET /relay/v1/admin/businesses/{id}</c>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Waba">Its WhatsApp Business Account.</param>
/// <param name="AppId">The app whose secret signs its webhooks.</param>
/// <param name="Protocols">With which Signal protocols its sessions may be opened.</param>
/// <param name="ReplayDays">For how long told webhooks can be replayed.</param>
/// <param name="PhoneNumbers">How many it has.</param>
/// <param name="AccessTokens">How many of its tokens are good.</param>
/// <param name="PreviousSecretUntil">When the app secret before ends, in Unix seconds; absent when there is none.</param>
public sealed record ShowBusinessResponse(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("waba_id")] string Waba,
    [property: JsonPropertyName("app_id")] string AppId,
    [property: JsonPropertyName("signal_protocols")] IReadOnlyList<string> Protocols,
    [property: JsonPropertyName("replay_window_days")] int ReplayDays,
    [property: JsonPropertyName("phone_numbers")] int PhoneNumbers,
    [property: JsonPropertyName("access_tokens")] int AccessTokens,
    [property: JsonPropertyName("previous_app_secret_until")] long? PreviousSecretUntil)
{
    public override string ToString() => nameof(ShowBusinessResponse);
}

/// <summary>The WhatsApp Business Accounts of a business: one. <c>GET /relay/v1/admin/businesses/{id}/wabas</c>.</summary>
public sealed record ListWabasResponse([property: JsonPropertyName("data")] IReadOnlyList<ListedWaba> Data);

public sealed record ListedWaba([property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("phone_numbers")] int PhoneNumbers);

/// <summary>A page of a business's numbers. <c>GET /relay/v1/admin/businesses/{id}/phone_numbers</c>.</summary>
/// <param name="Data">By id.</param>
/// <param name="Next">What <c>after</c> takes for the next page; absent at the end.</param>
public sealed record ListNumbersResponse(
    [property: JsonPropertyName("data")] IReadOnlyList<ListedNumber> Data, [property: JsonPropertyName("next")] string? Next);

/// <param name="Id">The phone number id.</param>
/// <param name="DisplayPhoneNumber"><c>+</c> and digits.</param>
/// <param name="VerifiedName">What users see.</param>
/// <param name="Status"><c>CONNECTED</c>, <c>DISCONNECTED</c> when it was deregistered, <c>PENDING</c> when its registration was cut short.</param>
/// <param name="Throughput"><c>STANDARD</c> or <c>HIGH</c>.</param>
/// <param name="RetentionMinutes">For how long its messages are kept; absent for 30 days.</param>
/// <param name="Region">Where its business wants data to be; absent where it said nothing.</param>
public sealed record ListedNumber(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("display_phone_number")] string DisplayPhoneNumber,
    [property: JsonPropertyName("verified_name")] string VerifiedName,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("throughput")] string Throughput,
    [property: JsonPropertyName("retention_minutes")] int? RetentionMinutes,
    [property: JsonPropertyName("region")] string? Region)
{
    public override string ToString() => nameof(ListedNumber);
}

/// <summary>Where a business's webhooks go. <c>GET /relay/v1/admin/businesses/{id}/webhook</c>.</summary>
/// <param name="Webhook">The app's callback; absent when none is set.</param>
/// <param name="Overrides">The account's and the numbers' own.</param>
public sealed record ShowWebhookResponse(
    [property: JsonPropertyName("webhook")] ListedSubscriber? Webhook, [property: JsonPropertyName("overrides")] IReadOnlyList<ListedSubscriber> Overrides)
{
    public override string ToString() => nameof(ShowWebhookResponse);
}
