using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Accounts;
using Relay.Shared.Graph;

namespace Relay.Functions.PhoneNumbers;

/// <summary>A node of the Graph by its id alone: a business's phone number and its webhook override. Any version, or none, means the same.</summary>
public sealed class NodeFunctions(GraphEndpoint endpoint, OverrideWebhook overrides)
{
    [Function("GetNode")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{version:regex(^v\d+\.\d+$)}/{nodeId:regex(^\d+$)}")] HttpRequest request,
        string nodeId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request, nodeId, (caller, id, token) => overrides.ShowNumberAsync(caller, id, QueryFields.Read(request), token), GraphOutput.PhoneNumberNode, cancellationToken);

    [Function("GetNodeUnversioned")]
    public Task<IResult> GetUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{nodeId:regex(^\d+$)}")] HttpRequest request,
        string nodeId,
        CancellationToken cancellationToken) => GetAsync(request, nodeId, cancellationToken);

    [Function("ChangeNode")]
    public Task<IResult> ChangeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{version:regex(^v\d+\.\d+$)}/{nodeId:regex(^\d+$)}")] HttpRequest request,
        string nodeId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(request, nodeId, GraphJson.Default.ChangeNumberRequest, overrides.SetNumberAsync, GraphOutput.SuccessResponse, cancellationToken);

    [Function("ChangeNodeUnversioned")]
    public Task<IResult> ChangeUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{nodeId:regex(^\d+$)}")] HttpRequest request,
        string nodeId,
        CancellationToken cancellationToken) => ChangeAsync(request, nodeId, cancellationToken);
}
