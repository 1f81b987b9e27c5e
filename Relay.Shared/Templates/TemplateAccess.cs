using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Templates;

/// <summary>
/// Who may see and change templates: a token of their business with the permission whatsapp_business_management. What isn't the caller's is as
/// unknown as what isn't there.
/// </summary>
public sealed class TemplateAccess(AccountDirectory accounts, TemplateStore store)
{
    /// <summary>Null when the caller may work with the templates of that WhatsApp Business Account.</summary>
    internal async ValueTask<GraphError?> CheckAsync(Caller caller, string wabaId, CancellationToken cancellationToken) =>
        (await accounts.FindAccountAsync(caller, wabaId, AccessScopes.Management, cancellationToken)).Error;

    internal async Task<Result<StoredTemplate, GraphError>> FindAsync(Caller caller, string? templateId, CancellationToken cancellationToken)
    {
        if (!TemplateIds.IsValid(templateId) || await store.FindAsync(caller.Business, templateId!, cancellationToken) is not { } template)
        {
            return AccountDirectory.UnknownNode;
        }

        return caller.Lacks(AccessScopes.Management) is { } refusal ? refusal : template;
    }
}
