using System.Text.Json.Serialization;

namespace Relay.Shared.Transport.Wire;

/// <summary>Asks for a verification code. <c>number</c> is in international form.</summary>
public sealed record StartRegistrationRequest([property: JsonPropertyName("number")] string Number)
{
    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(StartRegistrationRequest);
}

/// <param name="RegistrationId">Names this attempt: 32 hex digits.</param>
/// <param name="ExpiresAt">When its code ends, in Unix seconds.</param>
public sealed record StartRegistrationResponse(
    [property: JsonPropertyName("registrationId")] string RegistrationId,
    [property: JsonPropertyName("expiresAt")] long ExpiresAt);

/// <summary>Proves the number with the code and publishes the device's keys. A number that was registered before gets a new device: the old credential ends.</summary>
public sealed record VerifyRegistrationRequest
{
    [JsonPropertyName("number")]
    public required string Number { get; init; }

    /// <summary>Six digits.</summary>
    [JsonPropertyName("code")]
    public required string Code { get; init; }

    [JsonPropertyName("keys")]
    public required DeviceKeys Keys { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(VerifyRegistrationRequest);
}

/// <summary>Registers a business's number for the relay that acts for it; only with the registration key.</summary>
public sealed record RegisterBusinessNumberRequest
{
    [JsonPropertyName("number")]
    public required string Number { get; init; }

    [JsonPropertyName("keys")]
    public required DeviceKeys Keys { get; init; }

    /// <summary>Where envelopes for this number are pushed; absolute, http or https.</summary>
    [JsonPropertyName("pushUrl")]
    public required string PushUrl { get; init; }

    /// <summary>32 bytes that sign each push.</summary>
    [JsonPropertyName("pushSecret")]
    public required byte[] PushSecret { get; init; }

    /// <summary>Names the business, 1 to 64 letters and digits: what its numbers send is counted together. Without it each number is counted alone.</summary>
    [JsonPropertyName("business")]
    public string? Business { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(RegisterBusinessNumberRequest);
}

/// <param name="DeviceId">1: one device per number.</param>
/// <param name="Credential">The password of HTTP Basic authentication, with the number as user name; shown once.</param>
public sealed record DeviceCredentialResponse(
    [property: JsonPropertyName("deviceId")] uint DeviceId,
    [property: JsonPropertyName("credential")] string Credential)
{
    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(DeviceCredentialResponse);
}

/// <summary>The number is nobody's, or somebody else's by now.</summary>
public sealed record ReleaseNumberResponse([property: JsonPropertyName("released")] bool Released = true);
