using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Wire;

namespace Relay.Functions.Devices;

/// <summary>How a business stands: asked by its own numbers, moved by rule every hour.</summary>
public sealed class StandingFunctions(TransportEndpoint endpoint, ShowStanding showStanding, CheckReach checkReach, RateBusinesses rateBusinesses)
{
    [Function("TransportShowStanding")]
    public Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "transport/v1/standing")] HttpRequest request, CancellationToken cancellationToken) =>
        endpoint.RunDeviceAsync(request, TransportJson.Default.StandingResponse, showStanding.ExecuteAsync, cancellationToken);

    [Function("TransportCheckReach")]
    public Task<IResult> CheckReachAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "transport/v1/reach")] HttpRequest request, CancellationToken cancellationToken) =>
        endpoint.RunDeviceAsync(request, TransportJson.Default.ReachRequest, TransportJson.Default.ReachResponse, checkReach.ExecuteAsync, cancellationToken);

    [Function("TransportRateBusinesses")]
    public Task RateAsync([TimerTrigger("0 25 * * * *")] TimerInfo timer, CancellationToken cancellationToken) => rateBusinesses.ExecuteAsync(cancellationToken);
}
