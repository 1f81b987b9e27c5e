using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Health;
using Relay.Shared.Readiness;

namespace Relay.Functions.Devices;

/// <summary>Says whether the transport's storage and vault answer.</summary>
public sealed class TransportReadinessFunctions(TransportReadiness readiness)
{
    [Function("TransportReady")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "transport/v1/ready")] HttpRequest request, CancellationToken cancellationToken) =>
        ReadinessAnswer.FromAsync(request, readiness, cancellationToken);
}
