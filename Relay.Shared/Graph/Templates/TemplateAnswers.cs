using System.Text.Json.Serialization;
using Relay.Shared.Graph.History;

namespace Relay.Shared.Graph.Templates;

/// <summary>What the creation of a template is answered with.</summary>
public sealed record CreatedTemplate(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("category")] string Category);

/// <summary>A page of a business's templates.</summary>
public sealed record TemplateList(
    [property: JsonPropertyName("data")] IReadOnlyList<TemplateNode> Data,
    [property: JsonPropertyName("paging")] GraphPaging Paging);

/// <summary>A template as its business reads it: the fields that were chosen.</summary>
public sealed record TemplateNode
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("parameter_format")]
    public string? ParameterFormat { get; init; }

    [JsonPropertyName("components")]
    public IReadOnlyList<TemplateComponent>? Components { get; init; }

    [JsonPropertyName("language")]
    public string? Language { get; init; }

    [JsonPropertyName("status")]
    public string? Status { get; init; }

    [JsonPropertyName("category")]
    public string? Category { get; init; }

    [JsonPropertyName("rejected_reason")]
    public string? RejectedReason { get; init; }

    [JsonPropertyName("quality_score")]
    public TemplateQuality? QualityScore { get; init; }

    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(TemplateNode);
}

public sealed record TemplateQuality([property: JsonPropertyName("score")] string Score);
