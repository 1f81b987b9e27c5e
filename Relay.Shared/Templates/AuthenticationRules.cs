using System.Globalization;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Templates;
using Relay.Shared.Primitives;

namespace Relay.Shared.Templates;

/// <summary>An authentication template's texts are not the business's: they are written out here, in English whatever its language.</summary>
internal static class AuthenticationRules
{
    private const string Code = "*{{1}}* is your verification code.";
    private const string Recommendation = " For your security, do not share this code.";

    internal static Result<TemplateComponent, GraphError> Check(TemplateComponent component)
    {
        if (component.Type == TemplateParts.Header)
        {
            return TemplateRules.Invalid("components: an authentication template has no HEADER.");
        }

        if (component.Text is not null)
        {
            return TemplateRules.Unexpected(component.Type!, "text", "the text of an authentication template is given");
        }

        return component.Type == TemplateParts.Body ? Body(component) : Footer(component);
    }

    private static TemplateComponent Body(TemplateComponent body) => new()
    {
        Type = TemplateParts.Body,
        Text = body.AddSecurityRecommendation == true ? Code + Recommendation : Code,
        AddSecurityRecommendation = body.AddSecurityRecommendation,
    };

    private static Result<TemplateComponent, GraphError> Footer(TemplateComponent footer)
    {
        if (footer.CodeExpirationMinutes is not { } minutes)
        {
            return TemplateRules.Lacking(TemplateParts.Footer, "code_expiration_minutes");
        }

        return minutes is >= 1 and <= TemplateLimits.ExpirationMinutes
            ? new TemplateComponent
            {
                Type = TemplateParts.Footer,
                Text = string.Create(CultureInfo.InvariantCulture, $"This code expires in {minutes} minutes."),
                CodeExpirationMinutes = minutes,
            }
            : TemplateRules.Invalid($"FOOTER: code_expiration_minutes must be 1 to {TemplateLimits.ExpirationMinutes}.");
    }
}
