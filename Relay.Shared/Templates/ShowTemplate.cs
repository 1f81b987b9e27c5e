using Relay.Shared.Accounts;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Fields;
using Relay.Shared.Graph.Templates;
using Relay.Shared.Primitives;

namespace Relay.Shared.Templates;

/// <summary><c>GET {template-id}?fields=…</c></summary>
public sealed class ShowTemplate(TemplateAccess access)
{
    public async Task<Result<TemplateNode, GraphError>> ExecuteAsync(Caller caller, string templateId, string fields, CancellationToken cancellationToken) =>
        (await access.FindAsync(caller, templateId, cancellationToken)).TryGet(out StoredTemplate? template, out GraphError? error)
        && FieldSelection.Parse(fields, TemplateView.Fields).TryGet(out FieldSelection? chosen, out error)
            ? TemplateView.Show(template, chosen)
            : error;
}
