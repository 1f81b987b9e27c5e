using System.Text.Json.Serialization;
using Relay.Shared.Administration.People;

namespace Relay.Shared.Accounts.Wire;

/// <summary>Creates a business. <c>POST /relay/v1/admin/businesses</c>.</summary>
/// <param name="Name">1 to 256 characters.</param>
public sealed record CreateBusinessRequest([property: JsonPropertyName("name")] string? Name)
{
    public override string ToString() => nameof(CreateBusinessRequest);
}

/// <summary>A new business. The app secret signs its webhooks and is shown once.</summary>
public sealed record CreateBusinessResponse(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("waba_id")] string WabaId,
    [property: JsonPropertyName("app_id")] string AppId,
    [property: JsonPropertyName("app_secret")] string AppSecret)
{
    public override string ToString() => nameof(CreateBusinessResponse);
}

/// <summary>Registers a phone number of a business. <c>POST /relay/v1/admin/businesses/{id}/phone_numbers</c>.</summary>
/// <param name="PhoneNumber">International form.</param>
/// <param name="VerifiedName">The name that users see; at most 100 characters.</param>
/// <param name="PhoneNumberId">Given to finish or repeat a registration of an existing id.</param>
/// <param name="Region">Of the business's first number: where all its numbers are to be, for ever.</param>
public sealed record RegisterNumberRequest(
    [property: JsonPropertyName("phone_number")] string? PhoneNumber,
    [property: JsonPropertyName("verified_name")] string? VerifiedName,
    [property: JsonPropertyName("phone_number_id")] string? PhoneNumberId = null,
    [property: JsonPropertyName("data_localization_region")] string? Region = null)
{
    public override string ToString() => nameof(RegisterNumberRequest);
}

/// <param name="Id">The phone number id.</param>
/// <param name="DisplayPhoneNumber">As it is shown.</param>
/// <param name="BaseUrl">Where the Cloud API answers for it, when that is another stamp.</param>
public sealed record RegisterNumberResponse(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("display_phone_number")] string DisplayPhoneNumber,
    [property: JsonPropertyName("base_url"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? BaseUrl = null)
{
    public override string ToString() => nameof(RegisterNumberResponse);
}

/// <summary>Sets with which Signal protocols sessions may be opened. <c>PUT /relay/v1/admin/businesses/{id}/signal_policy</c>.</summary>
/// <param name="Protocols">One or more of <c>x3dh</c>, <c>pqxdh</c>, <c>pqxdh_spqr</c>; all of them is the default.</param>
public sealed record SetSignalPolicyRequest([property: JsonPropertyName("protocols")] IReadOnlyList<string?>? Protocols);

/// <summary>Sets how much a number may send and receive. <c>PUT /relay/v1/admin/businesses/{id}/phone_numbers/{phone-number-id}/throughput</c>.</summary>
/// <param name="Level"><c>STANDARD</c> or <c>HIGH</c>, as the Cloud API's <c>throughput.level</c>.</param>
public sealed record SetThroughputRequest([property: JsonPropertyName("level")] string? Level);

/// <summary>Sets how long told webhooks can be replayed. <c>PUT /relay/v1/admin/businesses/{id}/replay_window</c>.</summary>
/// <param name="Days">0 to 29; 0 keeps nothing.</param>
public sealed record SetReplayWindowRequest([property: JsonPropertyName("days")] int? Days);

/// <summary>Sets a business's callback. <c>PUT /relay/v1/admin/businesses/{id}/webhook</c>.</summary>
/// <param name="CallbackUrl">https (http on loopback where configuration allows it), at most 2,048 characters.</param>
/// <param name="VerifyToken">What the handshake proves; 1 to 256 characters.</param>
public sealed record SetWebhookRequest(
    [property: JsonPropertyName("callback_url")] string? CallbackUrl,
    [property: JsonPropertyName("verify_token")] string? VerifyToken)
{
    public override string ToString() => nameof(SetWebhookRequest);
}

public sealed record AdminSuccess([property: JsonPropertyName("success")] bool Success = true);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 16, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(CreateBusinessRequest))]
[JsonSerializable(typeof(CreateBusinessResponse))]
[JsonSerializable(typeof(RegisterNumberRequest))]
[JsonSerializable(typeof(RegisterNumberResponse))]
[JsonSerializable(typeof(IssueTokenRequest))]
[JsonSerializable(typeof(IssueTokenResponse))]
[JsonSerializable(typeof(SetSignalPolicyRequest))]
[JsonSerializable(typeof(SetThroughputRequest))]
[JsonSerializable(typeof(SetReplayWindowRequest))]
[JsonSerializable(typeof(SetWebhookRequest))]
[JsonSerializable(typeof(AddSubscriberRequest))]
[JsonSerializable(typeof(AddSubscriberResponse))]
[JsonSerializable(typeof(ListSubscribersResponse))]
[JsonSerializable(typeof(SetTokenExpiryRequest))]
[JsonSerializable(typeof(ListTokensResponse))]
[JsonSerializable(typeof(ListedToken))]
[JsonSerializable(typeof(AddSystemUserRequest))]
[JsonSerializable(typeof(AddSystemUserResponse))]
[JsonSerializable(typeof(ListSystemUsersResponse))]
[JsonSerializable(typeof(RenameBusinessRequest))]
[JsonSerializable(typeof(RotateAppSecretRequest))]
[JsonSerializable(typeof(RotateAppSecretResponse))]
[JsonSerializable(typeof(ListBusinessesResponse))]
[JsonSerializable(typeof(ShowBusinessResponse))]
[JsonSerializable(typeof(ListWabasResponse))]
[JsonSerializable(typeof(ListNumbersResponse))]
[JsonSerializable(typeof(ListedNumber))]
[JsonSerializable(typeof(ShowWebhookResponse))]
[JsonSerializable(typeof(AddPersonRequest))]
[JsonSerializable(typeof(AddPersonResponse))]
[JsonSerializable(typeof(ListPeopleResponse))]
[JsonSerializable(typeof(SetPersonRolesRequest))]
[JsonSerializable(typeof(SetIntegrityRequest))]
[JsonSerializable(typeof(ListIntegrityResponse))]
[JsonSerializable(typeof(IntegrityResponse))]
[JsonSerializable(typeof(SetPublicReportKeyRequest))]
[JsonSerializable(typeof(ListBusinessReportsResponse))]
[JsonSerializable(typeof(AdminSuccess))]
public sealed partial class AdminJson : JsonSerializerContext;
