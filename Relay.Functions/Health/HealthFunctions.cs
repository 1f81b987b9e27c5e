using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Relay.Functions.Health;

/// <summary>Says that the process answers; asks no dependency.</summary>
public sealed class HealthFunctions
{
    [Function("Health")]
    public Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "relay/v1/health")] HttpRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<IResult>(TypedResults.Text("""{"status":"ok"}""", "application/json"));
}
