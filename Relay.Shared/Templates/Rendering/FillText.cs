using System.Globalization;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Graph.Templates;
using Relay.Shared.Primitives;

namespace Relay.Shared.Templates.Rendering;

/// <summary>Fills the places of a text, by their order or by their names.</summary>
internal static class FillText
{
    private const string ManySpaces = "     ";

    /// <param name="component">A header of text or a body.</param>
    /// <param name="isNamed">Whether its places have names.</param>
    /// <param name="parameters">What goes into them.</param>
    /// <param name="limit">How long the filled text may be, in code points.</param>
    internal static Result<string, GraphError> Execute(TemplateComponent component, bool isNamed, IReadOnlyList<TemplateParameter> parameters, int limit)
    {
        string part = component.Type == TemplateParts.Header ? "header" : "body";
        TemplateText text = TemplateText.Parse(component.Text!)!;
        if (parameters.Count != text.Places.Count)
        {
            return GraphErrorCode.TemplateParameterCount.Because(
                $"{part}: number of localizable_params ({parameters.Count}) does not match the expected number of params ({text.Places.Count})");
        }

        Dictionary<string, string> values = [];
        for (int i = 0; i < parameters.Count; i++)
        {
            string at = $"{part}: parameter {i}";
            if (!Read(parameters[i], at).TryGet(out string? value, out GraphError? error))
            {
                return error;
            }

            string? place = isNamed ? parameters[i].ParameterName : (i + 1).ToString(CultureInfo.InvariantCulture);
            if (place is null || !text.Places.Contains(place) || !values.TryAdd(place, value))
            {
                return GraphErrorCode.TemplateParameterFormat.Because($"{at}: parameter_name must be one of the template's names, each once: {string.Join(", ", text.Places)}.");
            }
        }

        string filled = text.Fill(values);
        return Rule.CodePoints(filled) <= limit
            ? filled
            : GraphErrorCode.TemplateTextTooLong.Because($"{part}: with its parameters the text has {Rule.CodePoints(filled)} characters; at most {limit} are allowed.");
    }

    private static Result<string, GraphError> Read(TemplateParameter parameter, string at)
    {
        (string Member, string? Value)? given = parameter.Type switch
        {
            "text" => ("text", parameter.Text),
            "currency" => ("currency.fallback_value", parameter.Currency?.FallbackValue),
            "date_time" => ("date_time.fallback_value", parameter.DateTime?.FallbackValue),
            _ => null,
        };
        if (given is not { } found)
        {
            return GraphErrorCode.TemplateParameterFormat.Because($"{at}: the type must be text, currency or date_time.");
        }

        if (string.IsNullOrEmpty(found.Value))
        {
            return GraphErrorCode.ParameterMissing.Because($"{at}: {found.Member} is required and can't be empty.");
        }

        return found.Value.AsSpan().ContainsAny('\n', '\r', '\t') || found.Value.Contains(ManySpaces, StringComparison.Ordinal)
            ? GraphErrorCode.TemplateParameterInvalid.Because($"{at}: the text can't have new lines, tabs or more than 4 spaces in a row.")
            : found.Value;
    }
}
