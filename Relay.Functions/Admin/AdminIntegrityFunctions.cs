using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Functions.Proof;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Administration;
using Relay.Shared.Administration.Tenants;

namespace Relay.Functions.Admin;

/// <summary>How a business uses Relay, in counts, and the operator's ways to stop it.</summary>
public sealed class AdminIntegrityFunctions(AdminEndpoint endpoint, TenantIntegrity integrity)
{
    [Function("AdminListIntegrity")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/admin/integrity")] HttpRequest request, CancellationToken cancellationToken) =>
        endpoint.ReadAsync(
            AdminOperation.ListIntegrity, request, (_, token) => integrity.ListAsync(PageQuery.Read(request), token), AdminJson.Default.ListIntegrityResponse, cancellationToken);

    [Function("AdminShowIntegrity")]
    public Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/admin/businesses/{businessId}/integrity")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.ReadAsync(AdminOperation.ShowIntegrity, request, businessId, integrity.ShowAsync, AdminJson.Default.IntegrityResponse, cancellationToken);

    [Function("AdminSetIntegrity")]
    public Task<IResult> SetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "relay/v1/admin/businesses/{businessId}/integrity")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            AdminOperation.SetIntegrity,
            request,
            businessId,
            AdminJson.Default.SetIntegrityRequest,
            integrity.SetAsync,
            AdminJson.Default.IntegrityResponse,
            cancellationToken);
}
