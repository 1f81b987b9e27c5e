using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Erasure;

namespace Relay.Functions.Admin;

/// <summary>The end of a business.</summary>
public sealed class AdminClosureFunctions(AdminEndpoint endpoint, CloseBusiness closeBusiness)
{
    [Function("AdminCloseBusiness")]
    public Task<IResult> CloseBusinessAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "relay/v1/admin/businesses/{businessId}")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(request, businessId, closeBusiness.ExecuteAsync, cancellationToken);
}
