using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Graph.Templates;
using Relay.Shared.Primitives;

namespace Relay.Shared.Templates;

/// <summary><c>DELETE {waba-id}/message_templates</c>: every language of a name, or the one template that <c>hsm_id</c> names.</summary>
public sealed class DeleteTemplates(TemplateAccess access, TemplateStore store, TemplateIds ids, TemplateDirectory directory)
{
    private const int Attempts = 8;

    public async Task<Result<SuccessResponse, GraphError>> ExecuteAsync(
        Caller caller, string wabaId, DeleteTemplateRequest request, CancellationToken cancellationToken)
    {
        if (await access.CheckAsync(caller, wabaId, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        if (string.IsNullOrEmpty(request.Name))
        {
            return TemplateRules.Invalid("name is required; with hsm_id only the template of that id is deleted, else the name in every language.");
        }

        bool hasDeleted = false;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            List<StoredTemplate> some = await FindAsync(caller.Business, request, cancellationToken);
            if (some.Count == 0)
            {
                return hasDeleted ? new SuccessResponse() : GraphErrorCode.InvalidParameter.Because("There is no template of that name, or hsm_id is not one of its ids.");
            }

            if (await store.DeleteAsync(caller.Business, some, cancellationToken))
            {
                some.ForEach(template => directory.Forget(caller.Business, template.Definition));
                hasDeleted = true;
                attempt = -1;
            }
        }

        return GraphErrorCode.ServiceUnavailable.Because("The account's templates are being changed by many requests at once; try again.");
    }

    private async Task<List<StoredTemplate>> FindAsync(BusinessId business, DeleteTemplateRequest request, CancellationToken cancellationToken)
    {
        List<StoredTemplate> found = [];
        await foreach (StoredTemplate template in store.ListAsync(business, await ids.StartAsync(business, request.Name!, cancellationToken), string.Empty, cancellationToken))
        {
            if (template.Definition.Name == request.Name && (string.IsNullOrEmpty(request.Id) || template.Id == request.Id))
            {
                found.Add(template);
            }

            if (found.Count == TemplateStore.MaxDeletions)
            {
                break;
            }
        }

        return found;
    }
}
