using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Billing;
using Relay.Functions.Http;
using Relay.Shared.Administration;
using Relay.Shared.Billing;

namespace Relay.Functions.Admin;

/// <summary>What the operator bills a business for.</summary>
public sealed class AdminBillingFunctions(AdminEndpoint endpoint, ShowBillOf showBillOf)
{
    [Function("AdminShowBilling")]
    public Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/admin/businesses/{businessId}/billing")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.ReadAsync(
            AdminOperation.ShowBilling,
            request,
            businessId,
            (business, token) => showBillOf.ExecuteAsync(business, BillingQuery.Read(request), token),
            BillingJson.Default.BillingAnswer,
            cancellationToken);
}
