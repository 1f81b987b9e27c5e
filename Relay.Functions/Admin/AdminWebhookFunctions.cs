using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Administration;
using Relay.Shared.Administration.Tenants;

namespace Relay.Functions.Admin;

/// <summary>The app's callback, and the overrides beside it.</summary>
public sealed class AdminWebhookFunctions(AdminEndpoint endpoint, SetWebhook setWebhook, TenantWebhooks webhooks)
{
    [Function("AdminSetWebhook")]
    public Task<IResult> SetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "relay/v1/admin/businesses/{businessId}/webhook")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            AdminOperation.SetWebhook,
            request,
            businessId,
            AdminJson.Default.SetWebhookRequest,
            setWebhook.ExecuteAsync,
            AdminJson.Default.AdminSuccess,
            cancellationToken);

    [Function("AdminShowWebhook")]
    public Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/admin/businesses/{businessId}/webhook")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.ReadAsync(AdminOperation.ShowWebhook, request, businessId, webhooks.ShowAsync, AdminJson.Default.ShowWebhookResponse, cancellationToken);

    [Function("AdminRemoveWebhook")]
    public Task<IResult> RemoveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "relay/v1/admin/businesses/{businessId}/webhook")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(AdminOperation.RemoveWebhook, request, businessId, webhooks.RemoveAsync, cancellationToken);
}
