using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Templates;
using Relay.Shared.Primitives;

namespace Relay.Shared.Templates;

/// <summary><c>POST {waba-id}/message_templates</c>. Nobody reviews it: it is approved at once.</summary>
public sealed class CreateTemplate(TemplateAccess access, TemplateStore store, TemplateIds ids, TemplateDirectory directory)
{
    /// <summary>The one status that a template of Relay's has.</summary>
    internal const string Approved = "APPROVED";

    public async Task<Result<CreatedTemplate, GraphError>> ExecuteAsync(
        Caller caller, string wabaId, TemplateRequest request, CancellationToken cancellationToken)
    {
        if (await access.CheckAsync(caller, wabaId, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        if (!TemplateRules.Check(request).TryGet(out TemplateDefinition? definition, out GraphError? error))
        {
            return error;
        }

        if (CheckSize(definition) is { } tooLarge)
        {
            return tooLarge;
        }

        StoredTemplate template = new(await ids.CreateAsync(caller.Business, definition.Name, definition.Language, cancellationToken), definition, 0, string.Empty);
        TemplateAddition addition = await store.AddAsync(caller.Business, template, cancellationToken);
        directory.Forget(caller.Business, definition);
        return addition switch
        {
            TemplateAddition.Added => new CreatedTemplate(template.Id, Approved, TemplateCategories.Name(definition.Category)),
            TemplateAddition.Exists => GraphErrorCode.TemplateExists.Because(
                "There is a template of that name in that language. Edit it with POST {template-id}, delete it, or choose another name."),
            TemplateAddition.Full => GraphErrorCode.TemplateLimitReached.Because(
                $"The account has {TemplateLimits.Templates} templates, each language counted, and can't have more. Delete some first."),
            _ => GraphErrorCode.ServiceUnavailable.Because("The account's templates are being changed by many requests at once; try again."),
        };
    }

    internal static GraphError? CheckSize(TemplateDefinition definition) => TemplateStore.Size(definition) <= TemplateLimits.StoredBytes
        ? null
        : GraphErrorCode.TemplatePartTooLong.Because($"The template with its examples takes more than {TemplateLimits.StoredBytes} bytes.");
}
