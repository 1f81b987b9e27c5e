using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Wire;

namespace Relay.Functions.Devices;

/// <summary>What the operator sees of a business at the transport, and changes: signed by the operator's key alone.</summary>
public sealed class OperatorFunctions(TransportEndpoint endpoint, ShowSignals showSignals, SetStanding setStanding, ListStandings listStandings, EndSignals endSignals)
{
    [Function("TransportShowSignals")]
    public Task<IResult> ShowSignalsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "transport/v1/operator/signals")] HttpRequest request, CancellationToken cancellationToken) =>
        endpoint.RunOperatorAsync(
            request, TransportJson.Default.ShowSignalsRequest, TransportJson.Default.SignalsResponse, (body, _, token) => showSignals.ExecuteAsync(body, token), cancellationToken);

    [Function("TransportSetStanding")]
    public Task<IResult> SetStandingAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "transport/v1/operator/standing")] HttpRequest request, CancellationToken cancellationToken) =>
        endpoint.RunOperatorAsync(
            request, TransportJson.Default.SetStandingRequest, TransportJson.Default.SignalsResponse, setStanding.ExecuteAsync, cancellationToken);

    [Function("TransportListStandings")]
    public Task<IResult> ListStandingsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "transport/v1/operator/standings")] HttpRequest request, CancellationToken cancellationToken) =>
        endpoint.RunOperatorAsync(
            request, TransportJson.Default.ListStandingsRequest, TransportJson.Default.ListStandingsResponse, (body, _, token) => listStandings.ExecuteAsync(body, token),
            cancellationToken);

    [Function("TransportEndBusiness")]
    public Task<IResult> EndAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "transport/v1/operator/closures")] HttpRequest request, CancellationToken cancellationToken) =>
        endpoint.RunOperatorAsync(
            request, TransportJson.Default.EndBusinessRequest, TransportJson.Default.EndBusinessResponse, (body, _, token) => endSignals.ExecuteAsync(body, token), cancellationToken);
}
