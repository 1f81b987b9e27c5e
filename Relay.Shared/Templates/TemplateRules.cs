using System.Text.Json;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Graph.Templates;
using Relay.Shared.Primitives;

namespace Relay.Shared.Templates;

/// <summary>
/// What a template may be, by the Cloud API's rules. Pure; errors name the component and the rule, never the content. What Relay
/// doesn't have (carousels, offers that end) is refused by name.
/// </summary>
internal static class TemplateRules
{
    private static readonly string[] s_parts = [TemplateParts.Header, TemplateParts.Body, TemplateParts.Footer, TemplateParts.Buttons];

    internal static Result<TemplateDefinition, GraphError> Check(TemplateRequest request)
    {
        if ((CheckName(request.Name) ?? CheckLanguage(request.Language)) is { } error)
        {
            return error;
        }

        if (!TemplateCategories.TryParse(request.Category, out MessageCategory category))
        {
            return Invalid("category must be MARKETING, UTILITY or AUTHENTICATION.");
        }

        if (request.ParameterFormat is { } format && !IsOneOf(format, "POSITIONAL", "NAMED"))
        {
            return Invalid("parameter_format must be POSITIONAL or NAMED.");
        }

        bool isNamed = IsOneOf(request.ParameterFormat, "NAMED");
        return Components(request.Components, category, isNamed).TryGet(out List<TemplateComponent>? components, out error)
            ? new TemplateDefinition { Name = request.Name!, Language = request.Language!, Category = category, IsNamed = isNamed, Components = components }
            : error;
    }

    private static Result<List<TemplateComponent>, GraphError> Components(IReadOnlyList<TemplateComponent?>? asked, MessageCategory category, bool isNamed)
    {
        List<TemplateComponent> components = [];
        foreach (TemplateComponent component in (asked ?? []).OfType<TemplateComponent>())
        {
            string type = component.Type?.ToUpperInvariant() ?? string.Empty;
            if (!s_parts.Contains(type))
            {
                return Invalid($"components: the type must be one of {string.Join(", ", s_parts)}; other types are not supported.");
            }

            if (components.Exists(other => other.Type == type))
            {
                return Invalid($"components: there are two of type {type}.");
            }

            if (!Component(component with { Type = type, Format = component.Format?.ToUpperInvariant() }, category, isNamed)
                .TryGet(out TemplateComponent? valid, out GraphError? error))
            {
                return error;
            }

            components.Add(valid);
        }

        if (!components.Exists(component => component.Type == TemplateParts.Body))
        {
            return Lacking(TemplateParts.Body, "it: every template has a body");
        }

        return category == MessageCategory.Authentication && !components.Exists(component => component.Type == TemplateParts.Buttons)
            ? Lacking(TemplateParts.Buttons, "it: an authentication template has one button of type OTP")
            : components;
    }

    private static Result<TemplateComponent, GraphError> Component(TemplateComponent component, MessageCategory category, bool isNamed) =>
        (component.Type, category) switch
        {
            (TemplateParts.Buttons, _) => ButtonRules.Check(component, category),
            (_, MessageCategory.Authentication) => AuthenticationRules.Check(component),
            (TemplateParts.Header, _) => Header(component, isNamed),
            (TemplateParts.Body, _) => TextRules.Check(component, isNamed, TemplateLimits.Body, GraphErrorCode.TemplateBodyFormat),
            _ => Footer(component),
        };

    private static Result<TemplateComponent, GraphError> Header(TemplateComponent header, bool isNamed)
    {
        switch (header.Format ?? HeaderFormats.Text)
        {
            case HeaderFormats.Text:
                return TextRules.Check(header with { Format = HeaderFormats.Text }, isNamed, TemplateLimits.HeaderText, GraphErrorCode.TemplateHeaderFormat);
            case HeaderFormats.Image or HeaderFormats.Video or HeaderFormats.Document or HeaderFormats.Location:
                return header.Text is null
                    ? new TemplateComponent { Type = TemplateParts.Header, Format = header.Format, Example = header.Example }
                    : Unexpected(TemplateParts.Header, "text", $"a header of format {header.Format} has none");
            default:
                return GraphErrorCode.TemplateHeaderFormat.Because("HEADER: the format must be TEXT, IMAGE, VIDEO, DOCUMENT or LOCATION.");
        }
    }

    private static Result<TemplateComponent, GraphError> Footer(TemplateComponent footer)
    {
        if (footer.CodeExpirationMinutes is not null)
        {
            return Unexpected(TemplateParts.Footer, "code_expiration_minutes", "only an authentication template has it");
        }

        return footer.Text?.Contains("{{", StringComparison.Ordinal) == true
            ? GraphErrorCode.TemplateFooterFormat.Because("FOOTER: the text can't have places.")
            : TextRules.Check(footer, isNamed: false, TemplateLimits.Footer, GraphErrorCode.TemplateFooterFormat);
    }

    private static GraphError? CheckName(string? name) => name switch
    {
        null or "" => Invalid("name is required."),
        { Length: > TemplateLimits.Name } => Invalid($"name has {name.Length} characters; at most {TemplateLimits.Name} are allowed."),
        _ => name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_')
            ? null
            : Invalid("name may have lower-case letters a to z, digits and underscores only."),
    };

    private static GraphError? CheckLanguage(string? language)
    {
        string[] parts = (language ?? string.Empty).Split('_');
        bool isCode = parts.Length is 1 or 2
            && parts[0].Length is 2 or 3 && parts[0].All(char.IsAsciiLetterLower)
            && (parts.Length == 1 || (parts[1].Length == 2 && parts[1].All(char.IsAsciiLetterUpper)));
        return isCode ? null : Invalid("language must be a code such as en or en_US.");
    }

    internal static bool IsOneOf(string? text, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (name.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    internal static bool IsGiven(JsonElement? element) => element is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) };

    internal static GraphError Lacking(string part, string member) => GraphErrorCode.TemplateMemberMissing.Because($"{part} lacks {member}.");

    internal static GraphError Unexpected(string part, string member, string rule) =>
        GraphErrorCode.TemplateMemberUnexpected.Because($"{part} has an unexpected {member}: {rule}.");

    internal static GraphError Invalid(string details) => GraphErrorCode.InvalidParameter.Because(details);
}
