using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Billing;

namespace Relay.Functions.Billing;

/// <summary>What a business is billed for, and the timer that makes it exact.</summary>
public sealed class BillingFunctions(GraphEndpoint endpoint, ShowBill showBill, SettleUsage settleUsage)
{
    [Function("ShowBilling")]
    public Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/billing")] HttpRequest request,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request, (caller, token) => showBill.ExecuteAsync(caller, BillingQuery.Read(request), token), BillingJson.Default.BillingAnswer, cancellationToken);

    [Function("SettleUsage")]
    public Task SettleAsync([TimerTrigger("0 35 * * * *")] TimerInfo timer, CancellationToken cancellationToken) => settleUsage.ExecuteAsync(cancellationToken);
}
