using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Relay.Shared.Graph.Fields;

namespace Relay.Shared.PhoneNumbers.Profile;

/// <summary>What users are shown of a business; null where it said nothing.</summary>
internal sealed record BusinessProfile
{
    internal static NodeView<BusinessProfile> View { get; } = new NodeView<BusinessProfile>()
        .Shows("about", profile => profile.About)
        .Shows("address", profile => profile.Address)
        .Shows("description", profile => profile.Description)
        .Shows("email", profile => profile.Email)
        .Shows("websites", profile => profile.Websites.Count == 0 ? null : new JsonArray([.. profile.Websites.Select(site => JsonValue.Create(site))]))
        .Shows("vertical", profile => profile.Vertical)
        .Shows("messaging_product", _ => "whatsapp")
        .Has("profile_picture_url", _ => null);

    public string? About { get; init; }

    public string? Address { get; init; }

    public string? Description { get; init; }

    public string? Email { get; init; }

    public IReadOnlyList<string> Websites { get; init; } = [];

    public string? Vertical { get; init; }

    public override string ToString() => nameof(BusinessProfile);
}

[JsonSerializable(typeof(BusinessProfile))]
internal sealed partial class BusinessProfileJson : JsonSerializerContext;
