using System.Text.Json.Serialization;

namespace Relay.Shared.Transport.Wire;

/// <summary>Asks about a number's device.</summary>
public sealed record DirectoryRequest([property: JsonPropertyName("number")] string Number)
{
    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(DirectoryRequest);
}

/// <summary>A pre-key bundle; the one-time key in it was handed out to nobody else.</summary>
public sealed record BundleResponse
{
    [JsonPropertyName("registrationId")]
    public required uint RegistrationId { get; init; }

    [JsonPropertyName("deviceId")]
    public required uint DeviceId { get; init; }

    [JsonPropertyName("identityKey")]
    public required byte[] IdentityKey { get; init; }

    [JsonPropertyName("signedPreKey")]
    public required SignedPreKeyUpload SignedPreKey { get; init; }

    /// <summary>Absent when the stock is used up.</summary>
    [JsonPropertyName("oneTimePreKey")]
    public PreKeyUpload? OneTimePreKey { get; init; }

    /// <summary>A one-time key, or the last-resort key when their stock is used up; absent when the device has none.</summary>
    [JsonPropertyName("kyberPreKey")]
    public KyberPreKeyUpload? KyberPreKey { get; init; }
}

/// <param name="RegistrationId">Signal's registration id.</param>
/// <param name="IdentityKey">33 bytes.</param>
public sealed record IdentityResponse(
    [property: JsonPropertyName("registrationId")] uint RegistrationId,
    [property: JsonPropertyName("identityKey")] byte[] IdentityKey);
