using System.Text.Json;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Graph.Templates;
using Relay.Shared.Primitives;

namespace Relay.Shared.Templates;

/// <summary>What a text of a template may be: its length, its places, and one example for each of them.</summary>
internal static class TextRules
{
    /// <param name="component">A header of text, a body or a footer.</param>
    /// <param name="isNamed">Whether places have names.</param>
    /// <param name="limit">How long the text may be, in code points.</param>
    /// <param name="format">What a text of the wrong form is refused with.</param>
    internal static Result<TemplateComponent, GraphError> Check(TemplateComponent component, bool isNamed, int limit, GraphErrorCode format)
    {
        string part = component.Type!;
        if (string.IsNullOrWhiteSpace(component.Text))
        {
            return TemplateRules.Lacking(part, "text");
        }

        if (Rule.CodePoints(component.Text) is var length && length > limit)
        {
            return GraphErrorCode.TemplatePartTooLong.Because($"{part}: the text has {length} characters; at most {limit} are allowed.");
        }

        if (part != TemplateParts.Body && component.Text.AsSpan().ContainsAny('\n', '\r'))
        {
            return format.Because($"{part}: the text must be one line.");
        }

        if (TemplateText.Parse(component.Text) is not { } text || !(isNamed ? text.IsNamed : text.IsPositional))
        {
            return format.Because(isNamed
                ? $"{part}: places must be written {{{{name}}}}, the name in lower-case letters, digits and underscores, a letter first."
                : $"{part}: places must be written {{{{1}}}}, {{{{2}}}}, … without a gap; for names, parameter_format must be NAMED.");
        }

        if (part == TemplateParts.Header && text.Places.Count > 1)
        {
            return format.Because("HEADER: the text can have one place.");
        }

        if (part == TemplateParts.Body && text.HasPlaceAtEdge)
        {
            return GraphErrorCode.TemplatePlaceAtEdge.Because("BODY: the text can't start or end with a place.");
        }

        return CheckExample(component, text, isNamed, format) is { } error ? error : Clean(component);
    }

    private static GraphError? CheckExample(TemplateComponent component, TemplateText text, bool isNamed, GraphErrorCode format)
    {
        if (text.Places.Count == 0)
        {
            return null;
        }

        string member = (component.Type == TemplateParts.Header ? "header_text" : "body_text") + (isNamed ? "_named_params" : string.Empty);
        if (component.Example is not { ValueKind: JsonValueKind.Object } example || !example.TryGetProperty(member, out JsonElement values))
        {
            return TemplateRules.Lacking(component.Type!, $"example.{member}: each place needs an example");
        }

        return (isNamed ? HasNames(values, text.Places) : Count(values) == text.Places.Count)
            ? null
            : format.Because($"{component.Type}: example.{member} must have one example for each of the {text.Places.Count} places.");
    }

    /// <summary>The Cloud API has a list of lists for a body and a list for a header; clients mix them up.</summary>
    private static int Count(JsonElement values) => values switch
    {
        { ValueKind: JsonValueKind.String } => 1,
        { ValueKind: JsonValueKind.Array } when values.GetArrayLength() > 0 && values[0].ValueKind == JsonValueKind.Array => values[0].GetArrayLength(),
        { ValueKind: JsonValueKind.Array } => values.GetArrayLength(),
        _ => 0,
    };

    private static bool HasNames(JsonElement values, IReadOnlyList<string> places) => values.ValueKind == JsonValueKind.Array
        && values.EnumerateArray().Select(value => JsonText.Read(value, "param_name")).ToHashSet().SetEquals(places);

    private static TemplateComponent Clean(TemplateComponent component) => new()
    {
        Type = component.Type,
        Format = component.Type == TemplateParts.Header ? component.Format : null,
        Text = component.Text,
        Example = TemplateRules.IsGiven(component.Example) ? component.Example : null,
    };
}
