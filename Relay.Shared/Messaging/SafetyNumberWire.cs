using System.Text.Json.Serialization;

namespace Relay.Shared.Messaging;

/// <summary>The body of <c>POST /relay/v1/phone_numbers/{phone-number-id}/safety_number</c>.</summary>
/// <param name="User">The user's number in international form. In the body, not in the path: paths end in logs.</param>
public sealed record SafetyNumberRequest([property: JsonPropertyName("user")] string? User)
{
    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(SafetyNumberRequest);
}

/// <param name="SafetyNumber">Twelve groups of five digits; the user's device shows the same ones.</param>
/// <param name="IdentityKeyHash">Of the user's identity key, as webhooks tell it.</param>
public sealed record SafetyNumberResponse(
    [property: JsonPropertyName("safety_number")] string SafetyNumber,
    [property: JsonPropertyName("identity_key_hash")] string IdentityKeyHash);

[JsonSourceGenerationOptions(AllowDuplicateProperties = false)]
[JsonSerializable(typeof(SafetyNumberRequest))]
[JsonSerializable(typeof(SafetyNumberResponse))]
public sealed partial class SafetyNumberJson : JsonSerializerContext;
