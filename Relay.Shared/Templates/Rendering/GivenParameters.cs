using System.Globalization;
using System.Text.Json;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;

namespace Relay.Shared.Templates.Rendering;

/// <summary>A message's parameters, sorted by the part of the template that they are for.</summary>
internal sealed class GivenParameters
{
    private readonly Dictionary<string, IReadOnlyList<TemplateParameter>> _parts = [];
    private readonly Dictionary<int, GivenButton> _buttons = [];

    internal IReadOnlyList<TemplateParameter> Header => _parts.GetValueOrDefault("header", []);

    internal IReadOnlyList<TemplateParameter> Body => _parts.GetValueOrDefault("body", []);

    /// <summary>By the button's index.</summary>
    internal IReadOnlyDictionary<int, GivenButton> Buttons => _buttons;

    internal static Result<GivenParameters, GraphError> Read(IReadOnlyList<TemplateMessageComponent?>? components)
    {
        GivenParameters given = new();
        foreach (TemplateMessageComponent component in (components ?? []).OfType<TemplateMessageComponent>())
        {
            if (given.Add(component) is { } error)
            {
                return error;
            }
        }

        return given;
    }

    private GraphError? Add(TemplateMessageComponent component)
    {
        List<TemplateParameter> parameters = [.. (component.Parameters ?? []).OfType<TemplateParameter>()];
        if (parameters.Exists(parameter => string.IsNullOrEmpty(parameter.Type)))
        {
            return Rule.Missing("template.components[].parameters[].type");
        }

        switch (component.Type?.ToUpperInvariant())
        {
            case null or "":
                return Rule.Missing("template.components[].type");
            case TemplateParts.Header:
                return _parts.TryAdd("header", parameters) ? null : Twice("header");
            case TemplateParts.Body:
                return _parts.TryAdd("body", parameters) ? null : Twice("body");
            case TemplateParts.Footer when parameters.Count == 0:
                return null;
            case "BUTTON":
                return AddButton(component, parameters);
            default:
                return GraphErrorCode.TemplateParameterFormat.Because("template.components[].type must be header, body or button; other parts take no parameters here.");
        }
    }

    private GraphError? AddButton(TemplateMessageComponent component, List<TemplateParameter> parameters)
    {
        if (string.IsNullOrEmpty(component.SubType))
        {
            return Rule.Missing("template.components[].sub_type of a button");
        }

        // A message of one button may leave its index out, as clients do.
        int? index = component.Index is { ValueKind: not JsonValueKind.Null } given ? ReadIndex(given) : 0;
        if (index is null or < 0 or >= TemplateLimits.Buttons)
        {
            return GraphErrorCode.TemplateParameterInvalid.Because($"template.components[].index of a button must be 0 to {TemplateLimits.Buttons - 1}.");
        }

        return _buttons.TryAdd(index.Value, new GivenButton(component.SubType.ToUpperInvariant(), parameters)) ? null : Twice($"button {index}");
    }

    private static int? ReadIndex(JsonElement index) => index.ValueKind switch
    {
        JsonValueKind.Number when index.TryGetInt32(out int number) => number,
        JsonValueKind.String when int.TryParse(JsonText.Read(index), NumberStyles.None, CultureInfo.InvariantCulture, out int number) => number,
        _ => null,
    };

    private static GraphError Twice(string part) => GraphErrorCode.TemplateParameterInvalid.Because($"template.components: {part} is given twice.");
}

/// <param name="SubType">In upper case.</param>
/// <param name="Parameters">What it is given.</param>
internal sealed record GivenButton(string SubType, IReadOnlyList<TemplateParameter> Parameters);
