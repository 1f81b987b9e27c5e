using System.Globalization;
using System.Text.Json.Serialization;

namespace Relay.Shared.Accounts.Wire;

/// <summary>Adds a subscriber. <c>POST /relay/v1/admin/businesses/{id}/subscribers</c>.</summary>
/// <param name="CallbackUrl">As for the webhook.</param>
/// <param name="VerifyToken">As for the webhook.</param>
/// <param name="Fields">Any of <c>messages</c>, <c>messages.messages</c>, <c>messages.statuses</c>; all when absent.</param>
/// <param name="PhoneNumberId">The only number whose events it wants; all when absent.</param>
public sealed record AddSubscriberRequest(
    [property: JsonPropertyName("callback_url")] string? CallbackUrl,
    [property: JsonPropertyName("verify_token")] string? VerifyToken,
    [property: JsonPropertyName("fields")] IReadOnlyList<string?>? Fields = null,
    [property: JsonPropertyName("phone_number_id")] string? PhoneNumberId = null)
{
    public override string ToString() => nameof(AddSubscriberRequest);
}

public sealed record AddSubscriberResponse([property: JsonPropertyName("id")] string Id);

/// <summary>Every subscriber of a business. <c>GET /relay/v1/admin/businesses/{id}/subscribers</c>.</summary>
public sealed record ListSubscribersResponse([property: JsonPropertyName("data")] IReadOnlyList<ListedSubscriber> Data);

/// <param name="Id"><c>app</c>, <c>waba</c>, <c>n</c> and a phone number id, or 16 hex digits.</param>
/// <param name="CallbackUrl">Its address.</param>
/// <param name="Status"><c>active</c>, <c>failing</c>, <c>disabled</c>, or of the app's callback <c>unsubscribed</c>.</param>
/// <param name="FailingSince">In Unix seconds; since when it has done nothing but fail.</param>
/// <param name="Fields">What it wants; all when absent.</param>
/// <param name="PhoneNumberId">The only number it wants; all when absent.</param>
/// <param name="VerifiedAt">In Unix seconds; when it answered the handshake. Absent where an older version set it.</param>
public sealed record ListedSubscriber(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("callback_url")] string CallbackUrl,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("failing_since")] string? FailingSince,
    [property: JsonPropertyName("fields")] IReadOnlyList<string>? Fields,
    [property: JsonPropertyName("phone_number_id")] string? PhoneNumberId,
    [property: JsonPropertyName("verified_at")] string? VerifiedAt)
{
    internal static ListedSubscriber From(Subscription one) => new(
        one.Id.Value,
        one.Callback.AbsoluteUri,
        one switch { { IsUnsubscribed: true } => "unsubscribed", { IsDisabled: true } => "disabled", { FailingSince: not null } => "failing", _ => "active" },
        Seconds(one.FailingSince),
        one.Fields.Count > 0 ? one.Fields : null,
        one.Number?.Value,
        one.Since == DateTimeOffset.UnixEpoch ? null : Seconds(one.Since));

    private static string? Seconds(DateTimeOffset? time) => time?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    public override string ToString() => nameof(ListedSubscriber);
}
