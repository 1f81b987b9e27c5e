using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.Templates;

/// <summary>
/// The body of <c>POST {waba-id}/message_templates</c> and of <c>POST {template-id}</c> as it arrives: every member optional, nothing
/// checked. Other members of the Cloud API's (<c>allow_category_change</c>, …) are passed over.
/// </summary>
public sealed record TemplateRequest
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("language")]
    public string? Language { get; init; }

    [JsonPropertyName("category")]
    public string? Category { get; init; }

    /// <summary><c>POSITIONAL</c>, which is also what its absence means, or <c>NAMED</c>.</summary>
    [JsonPropertyName("parameter_format")]
    public string? ParameterFormat { get; init; }

    [JsonPropertyName("components")]
    public IReadOnlyList<TemplateComponent?>? Components { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(TemplateRequest);
}

/// <summary><c>DELETE {waba-id}/message_templates</c>: all languages of a name, or one template of it.</summary>
public sealed record DeleteTemplateRequest
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    /// <summary>The template's id.</summary>
    [JsonPropertyName("hsm_id")]
    public string? Id { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(DeleteTemplateRequest);
}
