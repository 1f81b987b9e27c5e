using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Relay.Benchmarks.Stage;

/// <summary>An endpoint that does nothing: what host, HTTP and load generator cost by themselves.</summary>
public sealed class EmptyFunctions
{
    private readonly Task<IResult> _answer = Task.FromResult<IResult>(TypedResults.Text("""{"status":"ok"}""", "application/json"));

    [Function("Empty")]
    public Task<IResult> PostAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "empty/{id}/messages")] HttpRequest request, string id) => _answer;
}
