using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Relay.Functions.Nodes;

/// <summary>A node of the Graph by its id alone: each kind answers for its own ids. Any version, or none, means the same.</summary>
public sealed class NodeFunctions(IEnumerable<INodeKind> kinds, AccountNodes accounts)
{
    private readonly INodeKind[] _kinds = [.. kinds];

    [Function("GetNode")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{version:regex(^v\d+\.\d+$)}/{nodeId:regex(^\d+$)}")] HttpRequest request,
        string nodeId,
        CancellationToken cancellationToken) => KindOf(nodeId).GetAsync(request, nodeId, cancellationToken);

    [Function("GetNodeUnversioned")]
    public Task<IResult> GetUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{nodeId:regex(^\d+$)}")] HttpRequest request,
        string nodeId,
        CancellationToken cancellationToken) => GetAsync(request, nodeId, cancellationToken);

    [Function("ChangeNode")]
    public Task<IResult> ChangeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{version:regex(^v\d+\.\d+$)}/{nodeId:regex(^\d+$)}")] HttpRequest request,
        string nodeId,
        CancellationToken cancellationToken) => KindOf(nodeId).ChangeAsync(request, nodeId, cancellationToken);

    [Function("ChangeNodeUnversioned")]
    public Task<IResult> ChangeUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{nodeId:regex(^\d+$)}")] HttpRequest request,
        string nodeId,
        CancellationToken cancellationToken) => ChangeAsync(request, nodeId, cancellationToken);

    [Function("DeleteNode")]
    public Task<IResult> DeleteAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = @"{version:regex(^v\d+\.\d+$)}/{nodeId:regex(^\d+$)}")] HttpRequest request,
        string nodeId,
        CancellationToken cancellationToken) => KindOf(nodeId).DeleteAsync(request, nodeId, cancellationToken);

    [Function("DeleteNodeUnversioned")]
    public Task<IResult> DeleteUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = @"{nodeId:regex(^\d+$)}")] HttpRequest request,
        string nodeId,
        CancellationToken cancellationToken) => DeleteAsync(request, nodeId, cancellationToken);

    private INodeKind KindOf(string id) => Array.Find(_kinds, kind => kind.Claims(id)) ?? accounts;
}
