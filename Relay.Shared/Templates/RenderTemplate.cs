using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;
using Relay.Shared.Templates.Rendering;

namespace Relay.Shared.Templates;

/// <summary>Fills a business's template for one user. Reads no table while the template is remembered (30 seconds).</summary>
public sealed class RenderTemplate(TemplateDirectory directory)
{
    public async Task<Result<RenderedTemplate, GraphError>> ExecuteAsync(BusinessNumber number, TemplateMessage template, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(template.Name))
        {
            return Rule.Missing("template.name");
        }

        if (string.IsNullOrEmpty(template.Language?.Code))
        {
            return Rule.Missing("template.language.code");
        }

        if (template.Language.Policy is not (null or "deterministic"))
        {
            return GraphErrorCode.ParameterInvalid.Because("template.language.policy must be \"deterministic\".");
        }

        return await directory.FindAsync(number.Business, template.Name, template.Language.Code, cancellationToken) is { } found
            ? FillTemplate.Execute(found.Definition, template)
            : await UnknownAsync(number.Business, template.Name, cancellationToken);
    }

    private async Task<GraphError> UnknownAsync(BusinessId business, string name, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> languages = await directory.LanguagesAsync(business, name, cancellationToken);
        return GraphErrorCode.TemplateUnknown.Because(languages.Count == 0
            ? "template.name: the WhatsApp Business Account has no template of that name in any language."
            : $"template.language.code: the template isn't there in that language. It is in: {string.Join(", ", languages)}.");
    }
}
