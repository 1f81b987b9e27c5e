using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;

namespace Relay.Functions.Admin;

/// <summary>What an operator sets for one number.</summary>
public sealed class AdminNumberFunctions(AdminEndpoint endpoint, SetThroughput setThroughput)
{
    [Function("AdminSetThroughput")]
    public Task<IResult> SetThroughputAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "relay/v1/admin/businesses/{businessId}/phone_numbers/{phoneNumberId}/throughput")] HttpRequest request,
        string businessId,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request,
            businessId,
            AdminJson.Default.SetThroughputRequest,
            (business, body, token) => setThroughput.ExecuteAsync(business, phoneNumberId, body, token),
            AdminJson.Default.AdminSuccess,
            cancellationToken);
}
