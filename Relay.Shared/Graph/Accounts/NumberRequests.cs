using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.Accounts;

/// <summary>The body of <c>POST /{version}/{waba-id}/phone_numbers</c>.</summary>
public sealed record AddNumberRequest
{
    /// <summary>Country calling code; may be left out where the number has it.</summary>
    [JsonPropertyName("cc")]
    public string? CountryCode { get; init; }

    [JsonPropertyName("phone_number")]
    public string? PhoneNumber { get; init; }

    [JsonPropertyName("verified_name")]
    public string? VerifiedName { get; init; }

    [JsonPropertyName("migrate_phone_number")]
    public bool? Migrate { get; init; }

    [JsonPropertyName("preverified_id")]
    public string? PreverifiedId { get; init; }

    public override string ToString() => nameof(AddNumberRequest);
}

/// <summary>The body of <c>POST /{version}/{phone-number-id}/request_code</c>.</summary>
public sealed record RequestCodeRequest
{
    /// <summary><c>SMS</c> or <c>VOICE</c>.</summary>
    [JsonPropertyName("code_method")]
    public string? Method { get; init; }

    /// <summary>Such as <c>en_US</c>.</summary>
    [JsonPropertyName("language")]
    public string? Language { get; init; }
}

/// <summary>The body of <c>POST /{version}/{phone-number-id}/verify_code</c>.</summary>
public sealed record VerifyCodeRequest
{
    /// <summary>6 digits; a hyphen or space in their middle is skipped.</summary>
    [JsonPropertyName("code")]
    public string? Code { get; init; }

    public override string ToString() => nameof(VerifyCodeRequest);
}

/// <summary>The body of <c>POST /{version}/{phone-number-id}/register</c>.</summary>
public sealed record RegisterRequest
{
    [JsonPropertyName("messaging_product")]
    public string? MessagingProduct { get; init; }

    /// <summary>6 digits: the number's PIN, or its first one.</summary>
    [JsonPropertyName("pin")]
    public string? Pin { get; init; }

    /// <summary>Up to v20.0.</summary>
    [JsonPropertyName("data_localization_region")]
    public string? Region { get; init; }

    /// <summary>60 to 43,200: for how long messages are kept.</summary>
    [JsonPropertyName("meta_store_retention_minutes")]
    public int? RetentionMinutes { get; init; }

    /// <summary>Of the On-Premises API.</summary>
    [JsonPropertyName("backup")]
    public JsonElement? Backup { get; init; }

    public override string ToString() => nameof(RegisterRequest);
}
