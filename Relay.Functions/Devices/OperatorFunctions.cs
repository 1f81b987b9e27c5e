using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Http;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Wire;

namespace Relay.Functions.Devices;

/// <summary>What the operator sees of a business at the transport, and changes: signed by the operator's key alone.</summary>
public sealed class OperatorFunctions(TransportEndpoint endpoint, ShowSignals showSignals, SetStanding setStanding)
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
}
