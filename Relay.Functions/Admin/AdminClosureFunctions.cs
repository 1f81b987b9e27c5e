using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Administration;
using Relay.Shared.Administration.Tenants;

namespace Relay.Functions.Admin;

/// <summary>The end of a business.</summary>
public sealed class AdminClosureFunctions(AdminEndpoint endpoint, EndBusiness endBusiness)
{
    [Function("AdminCloseBusiness")]
    public Task<IResult> CloseBusinessAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "relay/v1/admin/businesses/{businessId}")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(AdminOperation.CloseBusiness, request, businessId, endBusiness.ExecuteAsync, cancellationToken);
}
