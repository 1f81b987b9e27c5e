using System.Text.Json.Serialization;
using Relay.Shared.Accounts.Wire;

namespace Relay.Shared.Stamps.Wire;

/// <summary>
/// From one stamp's manager to another's: a business that will have its numbers there, as it was made, and its number. It holds the app secret, so that what
/// the business was given when it was made stays true.
/// </summary>
public sealed record AdoptNumberRequest(
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("waba_id")] string? WabaId,
    [property: JsonPropertyName("app_id")] string? AppId,
    [property: JsonPropertyName("app_secret")] string? AppSecret,
    [property: JsonPropertyName("number")] RegisterNumberRequest? Number)
{
    public override string ToString() => nameof(AdoptNumberRequest);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AdoptNumberRequest))]
public sealed partial class StampJson : JsonSerializerContext;
