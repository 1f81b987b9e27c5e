using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Shared.Graph;

namespace Relay.Functions.Http;

/// <summary>Answers every path and verb that no function has, in the Graph's own words. Its route is the least specific of all.</summary>
public sealed class NotFoundFunctions(GraphResults results)
{
    [Function("zzUnknownPath")]
    public Task<IResult> AnswerAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "put", "patch", "delete", "head", "options", Route = "{*path}")] HttpRequest request,
        CancellationToken cancellationToken) =>
        Task.FromResult(results.Refuse(GraphErrorCode.UnknownPath.Because("No such path, or not with this method. Paths are /{version}/{object-id}[/{edge}].")));
}
