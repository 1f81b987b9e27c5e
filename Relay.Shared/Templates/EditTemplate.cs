using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Graph.Templates;
using Relay.Shared.Primitives;

namespace Relay.Shared.Templates;

/// <summary><c>POST {template-id}</c>: other components, another category. Name and language stay. Approved again at once.</summary>
public sealed class EditTemplate(TemplateAccess access, TemplateStore store, TemplateDirectory directory)
{
    private const int Attempts = 3;

    public async Task<Result<SuccessResponse, GraphError>> ExecuteAsync(
        Caller caller, string templateId, TemplateRequest request, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            if (!(await access.FindAsync(caller, templateId, cancellationToken)).TryGet(out StoredTemplate? template, out GraphError? error)
                || !Changed(template.Definition, request).TryGet(out TemplateDefinition? definition, out error))
            {
                return error;
            }

            if (await store.ReplaceAsync(caller.Business, template, definition, cancellationToken))
            {
                directory.Forget(caller.Business, definition);
                return new SuccessResponse();
            }
        }

        return GraphErrorCode.ServiceUnavailable.Because("The template is being changed by other requests at once; try again.");
    }

    private static Result<TemplateDefinition, GraphError> Changed(TemplateDefinition old, TemplateRequest request)
    {
        if ((request.Name is { } name && name != old.Name) || (request.Language is { } language && language != old.Language))
        {
            return TemplateRules.Invalid("name and language of a template can't be changed: create another template.");
        }

        if (request.Components is null && request.Category is null && request.ParameterFormat is null)
        {
            return TemplateRules.Invalid("There is nothing to change: give components or category.");
        }

        TemplateRequest whole = request with
        {
            Name = old.Name,
            Language = old.Language,
            Category = request.Category ?? TemplateCategories.Name(old.Category),
            ParameterFormat = request.ParameterFormat ?? TemplateView.FormatOf(old),
            Components = request.Components ?? AsWritten(old),
        };
        return TemplateRules.Check(whole).TryGet(out TemplateDefinition? definition, out GraphError? error) && (error = CreateTemplate.CheckSize(definition)) is null
            ? definition
            : error;
    }

    /// <summary>The texts of an authentication template are Relay's, not the business's.</summary>
    private static IReadOnlyList<TemplateComponent> AsWritten(TemplateDefinition old) => old.Category == MessageCategory.Authentication
        ? [.. old.Components.Select(component => component with { Text = null })]
        : old.Components;
}
