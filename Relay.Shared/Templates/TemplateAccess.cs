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
    internal static GraphError Unknown => GraphErrorCode.UnknownObject.Because("No such object, or the access token doesn't reach it.");

    /// <summary>Null when the caller may work with the templates of that WhatsApp Business Account.</summary>
    internal async ValueTask<GraphError?> CheckAsync(Caller caller, string wabaId, CancellationToken cancellationToken) =>
        await accounts.FindBusinessAsync(caller.Business, cancellationToken) is { } business && business.Waba.Value == wabaId
            ? caller.Lacks(AccessScopes.Management)
            : Unknown;

    internal async Task<Result<StoredTemplate, GraphError>> FindAsync(Caller caller, string? templateId, CancellationToken cancellationToken)
    {
        if (!TemplateIds.IsValid(templateId) || await store.FindAsync(caller.Business, templateId!, cancellationToken) is not { } template)
        {
            return Unknown;
        }

        return caller.Lacks(AccessScopes.Management) is { } refusal ? refusal : template;
    }
}
