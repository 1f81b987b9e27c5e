using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Administration;

namespace Relay.Functions.Admin;

/// <summary>The system users of a business: what bears its access tokens.</summary>
public sealed class AdminSystemUserFunctions(AdminEndpoint endpoint, SystemUsers users)
{
    [Function("AdminAddSystemUser")]
    public Task<IResult> AddAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "relay/v1/admin/businesses/{businessId}/system_users")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            AdminOperation.AddSystemUser,
            request,
            businessId,
            AdminJson.Default.AddSystemUserRequest,
            users.AddAsync,
            AdminJson.Default.AddSystemUserResponse,
            cancellationToken);

    [Function("AdminListSystemUsers")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/admin/businesses/{businessId}/system_users")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.ReadAsync(
            AdminOperation.ListSystemUsers, request, businessId, users.ListAsync, AdminJson.Default.ListSystemUsersResponse, cancellationToken);

    [Function("AdminRemoveSystemUser")]
    public Task<IResult> RemoveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "relay/v1/admin/businesses/{businessId}/system_users/{userId}")] HttpRequest request,
        string businessId,
        string userId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            AdminOperation.RemoveSystemUser, request, businessId, (business, token) => users.RemoveAsync(business, userId, token), cancellationToken);
}
