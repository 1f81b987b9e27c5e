using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Accounts;
using Relay.Shared.Graph;

namespace Relay.Functions.Webhooks;

/// <summary>Whether the app gets a WhatsApp Business Account's webhooks, and where else they go. Any version, or none, means the same.</summary>
public sealed class SubscribedAppsFunctions(GraphEndpoint endpoint, OverrideWebhook overrides)
{
    [Function("GetSubscribedApps")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{version:regex(^v\d+\.\d+$)}/{wabaId:regex(^\d+$)}/subscribed_apps")] HttpRequest request,
        string wabaId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(request, (caller, token) => overrides.ShowAccountAsync(caller, wabaId, token), GraphOutput.SubscribedAppsResponse, cancellationToken);

    [Function("GetSubscribedAppsUnversioned")]
    public Task<IResult> GetUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{wabaId:regex(^\d+$)}/subscribed_apps")] HttpRequest request,
        string wabaId,
        CancellationToken cancellationToken) => GetAsync(request, wabaId, cancellationToken);

    [Function("SubscribeApp")]
    public Task<IResult> SubscribeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{version:regex(^v\d+\.\d+$)}/{wabaId:regex(^\d+$)}/subscribed_apps")] HttpRequest request,
        string wabaId,
        CancellationToken cancellationToken) =>
        endpoint.RunOptionalAsync(
            request,
            GraphJson.Default.WebhookOverride,
            new WebhookOverride(),
            (caller, parsed, token) => overrides.SetAccountAsync(caller, wabaId, parsed, token),
            GraphOutput.SuccessResponse,
            cancellationToken);

    [Function("SubscribeAppUnversioned")]
    public Task<IResult> SubscribeUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{wabaId:regex(^\d+$)}/subscribed_apps")] HttpRequest request,
        string wabaId,
        CancellationToken cancellationToken) => SubscribeAsync(request, wabaId, cancellationToken);

    [Function("UnsubscribeApp")]
    public Task<IResult> UnsubscribeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = @"{version:regex(^v\d+\.\d+$)}/{wabaId:regex(^\d+$)}/subscribed_apps")] HttpRequest request,
        string wabaId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(request, (caller, token) => overrides.UnsubscribeAsync(caller, wabaId, token), GraphOutput.SuccessResponse, cancellationToken);

    [Function("UnsubscribeAppUnversioned")]
    public Task<IResult> UnsubscribeUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = @"{wabaId:regex(^\d+$)}/subscribed_apps")] HttpRequest request,
        string wabaId,
        CancellationToken cancellationToken) => UnsubscribeAsync(request, wabaId, cancellationToken);
}
