using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Stamps;
using Relay.Shared.Stamps.Wire;

namespace Relay.Functions.Admin;

/// <summary>Between managers: a business whose numbers are to be in this stamp.</summary>
public sealed class AdminStampFunctions(StampEndpoint endpoint, AdoptNumber adoptNumber)
{
    [Function("AdminAdoptNumber")]
    public Task<IResult> AdoptNumberAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "relay/v1/stamps/businesses/{businessId}/phone_numbers")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request, businessId, StampJson.Default.AdoptNumberRequest, adoptNumber.ExecuteAsync, AdminJson.Default.RegisterNumberResponse, cancellationToken);
}
