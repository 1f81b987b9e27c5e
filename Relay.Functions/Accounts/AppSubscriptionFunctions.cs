using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Accounts.Apps;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Accounts;

namespace Relay.Functions.Accounts;

/// <summary>An app's own callback, with the app's access token. Any version, or none, means the same.</summary>
public sealed class AppSubscriptionFunctions(AppEndpoint endpoint, AppSubscriptions subscriptions)
{
    [Function("ListAppSubscriptions")]
    public Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{version:regex(^v\d+\.\d+$)}/{appId:regex(^\d+$)}/subscriptions")] HttpRequest request,
        string appId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(request, (app, token) => subscriptions.ListAsync(app, appId, token), AccountOutput.NodeList, cancellationToken);

    [Function("ListAppSubscriptionsUnversioned")]
    public Task<IResult> ListUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{appId:regex(^\d+$)}/subscriptions")] HttpRequest request,
        string appId,
        CancellationToken cancellationToken) => ListAsync(request, appId, cancellationToken);

    [Function("SetAppSubscription")]
    public Task<IResult> SetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{version:regex(^v\d+\.\d+$)}/{appId:regex(^\d+$)}/subscriptions")] HttpRequest request,
        string appId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request,
            AccountJson.Default.AppSubscriptionRequest,
            new AppSubscriptionRequest(),
            (app, parsed, token) => subscriptions.SubscribeAsync(app, appId, parsed, token),
            GraphOutput.SuccessResponse,
            cancellationToken);

    [Function("SetAppSubscriptionUnversioned")]
    public Task<IResult> SetUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{appId:regex(^\d+$)}/subscriptions")] HttpRequest request,
        string appId,
        CancellationToken cancellationToken) => SetAsync(request, appId, cancellationToken);

    [Function("EndAppSubscription")]
    public Task<IResult> EndAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = @"{version:regex(^v\d+\.\d+$)}/{appId:regex(^\d+$)}/subscriptions")] HttpRequest request,
        string appId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request,
            AccountJson.Default.AppSubscriptionRequest,
            new AppSubscriptionRequest(),
            (app, parsed, token) => subscriptions.UnsubscribeAsync(app, appId, parsed, token),
            GraphOutput.SuccessResponse,
            cancellationToken);

    [Function("EndAppSubscriptionUnversioned")]
    public Task<IResult> EndUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = @"{appId:regex(^\d+$)}/subscriptions")] HttpRequest request,
        string appId,
        CancellationToken cancellationToken) => EndAsync(request, appId, cancellationToken);
}
