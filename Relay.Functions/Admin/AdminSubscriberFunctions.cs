using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Accounts;
using Relay.Shared.Accounts.Wire;
using Relay.Shared.Administration;

namespace Relay.Functions.Admin;

/// <summary>The further subscribers of a business, by the admin API.</summary>
public sealed class AdminSubscriberFunctions(AdminEndpoint endpoint, Subscribers subscribers)
{
    [Function("AdminAddSubscriber")]
    public Task<IResult> AddAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "relay/v1/admin/businesses/{businessId}/subscribers")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            AdminOperation.AddSubscriber,
            request,
            businessId,
            AdminJson.Default.AddSubscriberRequest,
            subscribers.AddAsync,
            AdminJson.Default.AddSubscriberResponse,
            cancellationToken);

    [Function("AdminListSubscribers")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/admin/businesses/{businessId}/subscribers")] HttpRequest request,
        string businessId,
        CancellationToken cancellationToken) =>
        endpoint.ReadAsync(AdminOperation.ListSubscribers, request, businessId, subscribers.ListAsync, AdminJson.Default.ListSubscribersResponse, cancellationToken);

    [Function("AdminRemoveSubscriber")]
    public Task<IResult> RemoveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "relay/v1/admin/businesses/{businessId}/subscribers/{subscriberId}")] HttpRequest request,
        string businessId,
        string subscriberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            AdminOperation.RemoveSubscriber, request, businessId, (business, token) => subscribers.RemoveAsync(business, subscriberId, token), cancellationToken);
}
