using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Relay.Functions.Health;
using Relay.Shared.Readiness;

namespace Relay.Functions.Admin;

/// <summary>Says whether the storage and the vault that the manager needs answer.</summary>
public sealed class AdminHealthFunctions(ManagerReadiness readiness)
{
    [Function("AdminReady")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/admin/ready")] HttpRequest request, CancellationToken cancellationToken) =>
        ReadinessAnswer.FromAsync(request, readiness, cancellationToken);
}
