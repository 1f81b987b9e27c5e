using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.Accounts;

/// <summary>The body of <c>POST /{version}/{phone-number-id}/message_qrdls</c>: a new code, or with <c>code</c> another text for one.</summary>
public sealed record QrCodeRequest
{
    [JsonPropertyName("code")]
    public string? Code { get; init; }

    /// <summary>1 to 140 characters: what the user's device writes.</summary>
    [JsonPropertyName("prefilled_message")]
    public string? PrefilledMessage { get; init; }

    /// <summary><c>SVG</c> or <c>PNG</c>, in any case: clients write both.</summary>
    [JsonPropertyName("generate_qr_image")]
    public string? Image { get; init; }

    public override string ToString() => nameof(QrCodeRequest);
}
