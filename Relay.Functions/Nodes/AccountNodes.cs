using Microsoft.AspNetCore.Http;
using Relay.Functions.Http;
using Relay.Shared.Accounts.Nodes;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Accounts;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;

namespace Relay.Functions.Nodes;

/// <summary>What a business has: its phone numbers, its account, itself and its app. Answers for every id that no other kind claims.</summary>
public sealed class AccountNodes(GraphEndpoint endpoint, AppEndpoint apps, ShowNode showNode, ChangeNode changeNode) : INodeKind
{
    public bool Claims(string id) => id.Length <= 20;

    /// <summary>An app may see itself with its own token; all else is a system user's to see.</summary>
    public Task<IResult> GetAsync(HttpRequest request, string id, CancellationToken cancellationToken) => AppEndpoint.HasAppToken(request)
        ? apps.RunAsync(request, (app, _) => ShowNode.ShowAppAsync(app, id, request.Query["fields"].ToString()), AccountOutput.Node, cancellationToken)
        : endpoint.RunAsync(request, (caller, token) => showNode.ExecuteAsync(caller, id, request.Query["fields"].ToString(), token), AccountOutput.Node, cancellationToken);

    public Task<IResult> ChangeAsync(HttpRequest request, string id, CancellationToken cancellationToken) => endpoint.RunAsync(
        request,
        AccountJson.Default.ChangeNodeRequest,
        (caller, parsed, token) => changeNode.ExecuteAsync(caller, id, parsed, token),
        GraphOutput.SuccessResponse,
        cancellationToken);

    /// <summary>Nothing of a business's account is deleted by its id alone.</summary>
    public Task<IResult> DeleteAsync(HttpRequest request, string id, CancellationToken cancellationToken) => endpoint.RunAsync(
        request,
        (_, _) => Task.FromResult<Result<SuccessResponse, GraphError>>(GraphErrorCode.UnknownObject.Because("No such object, or it can't be deleted.")),
        GraphOutput.SuccessResponse,
        cancellationToken);
}
