using System.Text.Json;
using System.Text.Json.Serialization;

namespace Relay.Shared.Graph;

/// <summary>
/// The body of <c>POST /{version}/{phone-number-id}/settings</c>: what is to change. Settings of the Cloud API that Relay doesn't have are
/// refused by name, never dropped.
/// </summary>
public sealed record NumberSettingsRequest
{
    [JsonPropertyName("user_identity_change")]
    public UserIdentityChange? UserIdentityChange { get; init; }

    [JsonPropertyName("storage_configuration")]
    public StorageConfiguration? StorageConfiguration { get; init; }

    [JsonPropertyName("calling")]
    public JsonElement? Calling { get; init; }

    [JsonPropertyName("payload_encryption")]
    public SettingStatus? PayloadEncryption { get; init; }
}

/// <summary>Whether webhooks tell the hash of users' identity keys in <c>contacts[].identity_key_hash</c>.</summary>
public sealed record UserIdentityChange
{
    [JsonPropertyName("enable_identity_key_check")]
    public bool? EnableIdentityKeyCheck { get; init; }

    /// <summary>The same, as the official specification spells it; read only.</summary>
    [JsonPropertyName("enabled")]
    public bool? Enabled { get; init; }

    internal bool? IsOn => EnableIdentityKeyCheck ?? Enabled;
}

/// <summary>The answer of <c>GET /{version}/{phone-number-id}/settings</c>.</summary>
public sealed record NumberSettingsResponse(
    [property: JsonPropertyName("user_identity_change")] UserIdentityChange UserIdentityChange,
    [property: JsonPropertyName("storage_configuration")] StorageConfiguration StorageConfiguration,
    [property: JsonPropertyName("payload_encryption")] SettingStatus PayloadEncryption);

/// <param name="Status"><c>DISABLED</c> of what Relay doesn't have.</param>
public sealed record SettingStatus([property: JsonPropertyName("status")] string? Status);

/// <summary>How long the messages of a number are kept, and where its business wants them to be. In the words of the documentation; those of the official
/// specification (<c>enabled</c>, <c>region</c>) are read too.</summary>
public sealed record StorageConfiguration
{
    /// <summary>Kept as long as all else: up to 30 days.</summary>
    public const string Default = "DEFAULT";

    /// <summary>Kept for <see cref="RetentionMinutes"/> only.</summary>
    public const string NoStorageEnabled = "NO_STORAGE_ENABLED";

    public const string NoStorageDisabled = "NO_STORAGE_DISABLED";

    /// <summary>To be kept in <see cref="DataLocalizationRegion"/>.</summary>
    public const string InCountryEnabled = "IN_COUNTRY_STORAGE_ENABLED";

    public const string InCountryDisabled = "IN_COUNTRY_STORAGE_DISABLED";

    [JsonPropertyName("status")]
    public string? Status { get; init; }

    /// <summary>60 to 43,200.</summary>
    [JsonPropertyName("retention_minutes")]
    public int? RetentionMinutes { get; init; }

    /// <summary>Two letters; kept and answered. Where data lies is where Relay is deployed.</summary>
    [JsonPropertyName("data_localization_region")]
    public string? DataLocalizationRegion { get; init; }

    [JsonPropertyName("enabled")]
    public bool? Enabled { get; init; }

    [JsonPropertyName("region")]
    public string? Region { get; init; }
}
