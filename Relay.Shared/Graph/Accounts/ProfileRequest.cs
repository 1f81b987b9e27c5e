using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.Accounts;

/// <summary>The body of <c>POST /{version}/{phone-number-id}/whatsapp_business_profile</c>: what is to change; an empty text clears.</summary>
public sealed record ProfileRequest
{
    [JsonPropertyName("messaging_product")]
    public string? MessagingProduct { get; init; }

    [JsonPropertyName("about")]
    public string? About { get; init; }

    [JsonPropertyName("address")]
    public string? Address { get; init; }

    [JsonPropertyName("description")]
    public string? Description { get; init; }

    [JsonPropertyName("email")]
    public string? Email { get; init; }

    [JsonPropertyName("websites")]
    public IReadOnlyList<string?>? Websites { get; init; }

    [JsonPropertyName("vertical")]
    public string? Vertical { get; init; }

    [JsonPropertyName("profile_picture_handle")]
    public string? PictureHandle { get; init; }

    public override string ToString() => nameof(ProfileRequest);
}
