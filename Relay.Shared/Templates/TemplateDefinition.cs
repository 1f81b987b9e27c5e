using Relay.Shared.Graph.Messages;
using Relay.Shared.Graph.Templates;

namespace Relay.Shared.Templates;

/// <summary>A template that follows the rules; only <see cref="TemplateRules"/> makes one from a request.</summary>
public sealed record TemplateDefinition
{
    public required string Name { get; init; }

    public required string Language { get; init; }

    public required MessageCategory Category { get; init; }

    /// <summary>Whether places have names (<c>{{first_name}}</c>), not numbers (<c>{{1}}</c>).</summary>
    public required bool IsNamed { get; init; }

    /// <summary>At most one of each type; types and formats in upper case. An authentication template's texts are written out.</summary>
    public required IReadOnlyList<TemplateComponent> Components { get; init; }

    internal TemplateComponent? Find(string type) => Components.FirstOrDefault(component => component.Type == type);

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(TemplateDefinition);
}

/// <summary>A template as it is stored.</summary>
/// <param name="Id">What the business knows it by.</param>
/// <param name="Definition">What it says.</param>
/// <param name="Version">Counts its writes, from 0.</param>
/// <param name="ETag">Of the row that it was read from; empty for one that is to be added.</param>
public sealed record StoredTemplate(string Id, TemplateDefinition Definition, long Version, string ETag)
{
    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(StoredTemplate);
}
