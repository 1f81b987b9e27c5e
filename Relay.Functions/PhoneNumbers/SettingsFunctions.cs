using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Accounts;
using Relay.Shared.Graph;

namespace Relay.Functions.PhoneNumbers;

/// <summary>What a business reads and sets for one of its numbers. Any version, or none, means the same.</summary>
public sealed class SettingsFunctions(GraphEndpoint endpoint, NumberSettings settings)
{
    [Function("GetSettings")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{version:regex(^v\d+\.\d+$)}/{phoneNumberId:regex(^\d+$)}/settings")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(request, phoneNumberId, settings.GetAsync, GraphOutput.NumberSettingsResponse, cancellationToken);

    [Function("GetSettingsUnversioned")]
    public Task<IResult> GetUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = @"{phoneNumberId:regex(^\d+$)}/settings")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) => GetAsync(request, phoneNumberId, cancellationToken);

    [Function("SetSettings")]
    public Task<IResult> SetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{version:regex(^v\d+\.\d+$)}/{phoneNumberId:regex(^\d+$)}/settings")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) =>
        endpoint.RunAsync(
            request, phoneNumberId, GraphJson.Default.NumberSettingsRequest, settings.SetAsync, GraphOutput.SuccessResponse, cancellationToken);

    [Function("SetSettingsUnversioned")]
    public Task<IResult> SetUnversionedAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = @"{phoneNumberId:regex(^\d+$)}/settings")] HttpRequest request,
        string phoneNumberId,
        CancellationToken cancellationToken) => SetAsync(request, phoneNumberId, cancellationToken);
}
