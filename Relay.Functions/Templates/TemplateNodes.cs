using Microsoft.AspNetCore.Http;
using Relay.Functions.Http;
using Relay.Functions.Nodes;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Graph.Templates;
using Relay.Shared.Primitives;
using Relay.Shared.Templates;

namespace Relay.Functions.Templates;

/// <summary>A template by its id: read and edited here, deleted by its name at the account.</summary>
public sealed class TemplateNodes(GraphEndpoint endpoint, ShowTemplate show, EditTemplate edit) : INodeKind
{
    public bool Claims(string id) => id.Length == TemplateIds.Length;

    public Task<IResult> GetAsync(HttpRequest request, string id, CancellationToken cancellationToken) => endpoint.RunAsync(
        request, (caller, token) => show.ExecuteAsync(caller, id, request.Query["fields"].ToString(), token), GraphOutput.TemplateNode, cancellationToken);

    public Task<IResult> ChangeAsync(HttpRequest request, string id, CancellationToken cancellationToken) => endpoint.RunOptionalAsync(
        request,
        GraphJson.Default.TemplateRequest,
        new TemplateRequest(),
        (caller, parsed, token) => edit.ExecuteAsync(caller, id, parsed, token),
        GraphOutput.SuccessResponse,
        cancellationToken);

    public Task<IResult> DeleteAsync(HttpRequest request, string id, CancellationToken cancellationToken) => endpoint.RunAsync(
        request,
        (_, _) => Task.FromResult<Result<SuccessResponse, GraphError>>(
            GraphErrorCode.UnknownObject.Because("No such object, or it can't be deleted here. A template is deleted with DELETE {waba-id}/message_templates, name and hsm_id.")),
        GraphOutput.SuccessResponse,
        cancellationToken);
}
