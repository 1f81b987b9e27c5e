using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Functions.Proof;
using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Administration;
using Relay.Shared.Administration.Tenants;

namespace Relay.Functions.Admin;

/// <summary>Businesses: what they are called, what they are, and the secret of their apps.</summary>
public sealed class AdminFunctions(AdminEndpoint endpoint, CreateBusiness createBusiness, TenantViews views, RotateAppSecret rotateAppSecret)
{
    [Function("AdminCreateBusiness")]
    public Task<IResult> CreateBusinessAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "relay/v1/admin/businesses")] HttpRequest request,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            AdminOperation.CreateBusiness,
            request,
            AdminJson.Default.CreateBusinessRequest,
            createBusiness.ExecuteAsync,
            AdminJson.Default.CreateBusinessResponse,
            cancellationToken);

    [Function("AdminListBusinesses")]
    public Task<IResult> ListBusinessesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/admin/businesses")] HttpRequest request,
        CancellationToken cancellationToken) =>
        endpoint.ReadAsync(
            AdminOperation.ListBusinesses,
            request,
            (caller, token) => views.ListAsync(caller, PageQuery.Read(request), token),
            AdminJson.Default.ListBusinessesResponse,
            cancellationToken);

    [Function("AdminShowBusiness")]
    public Task<IResult> ShowBusinessAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/admin/businesses/{businessId}")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.ReadAsync(AdminOperation.ShowBusiness, request, businessId, views.ShowAsync, AdminJson.Default.ShowBusinessResponse, cancellationToken);

    [Function("AdminListWabas")]
    public Task<IResult> ListWabasAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/admin/businesses/{businessId}/wabas")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.ReadAsync(AdminOperation.ListWabas, request, businessId, views.ListWabasAsync, AdminJson.Default.ListWabasResponse, cancellationToken);

    [Function("AdminRenameBusiness")]
    public Task<IResult> RenameBusinessAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "relay/v1/admin/businesses/{businessId}/name")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            AdminOperation.RenameBusiness,
            request,
            businessId,
            AdminJson.Default.RenameBusinessRequest,
            views.RenameAsync,
            AdminJson.Default.AdminSuccess,
            cancellationToken);

    [Function("AdminRotateAppSecret")]
    public Task<IResult> RotateAppSecretAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "relay/v1/admin/businesses/{businessId}/app_secret")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.RunOptionalAsync(
            AdminOperation.RotateAppSecret,
            request,
            businessId,
            AdminJson.Default.RotateAppSecretRequest,
            new RotateAppSecretRequest(),
            rotateAppSecret.ExecuteAsync,
            AdminJson.Default.RotateAppSecretResponse,
            cancellationToken);
}
