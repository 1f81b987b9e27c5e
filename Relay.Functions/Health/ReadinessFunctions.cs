using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Shared.Readiness;

namespace Relay.Functions.Health;

/// <summary>Says whether the relay's storage and vault answer.</summary>
public sealed class ReadinessFunctions(RelayReadiness readiness)
{
    [Function("Ready")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/ready")] HttpRequest request, CancellationToken cancellationToken) =>
        ReadinessAnswer.FromAsync(request, readiness, cancellationToken);
}
