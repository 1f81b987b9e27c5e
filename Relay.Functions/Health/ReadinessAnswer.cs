using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Shared.Readiness;

namespace Relay.Functions.Health;

/// <summary>200 when nothing is away, else 503 with the names of what is.</summary>
internal static class ReadinessAnswer
{
    internal static async Task<IResult> FromAsync(HttpRequest request, AskDependencies ask, CancellationToken cancellationToken)
    {
        IReadOnlyList<Dependency> away = await ask.ExecuteAsync(cancellationToken);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return away.Count == 0
            ? Text("""{"status":"ready"}""", StatusCodes.Status200OK)
            : Text($$"""{"status":"not_ready","away":[{{string.Join(',', away.Select(one => $"\"{Name(one)}\""))}}]}""", StatusCodes.Status503ServiceUnavailable);
    }

    private static string Name(Dependency dependency) => dependency switch
    {
        Dependency.Tables => "tables",
        Dependency.Queues => "queues",
        Dependency.Blobs => "blobs",
        Dependency.Vault => "vault",
        _ => throw new ArgumentOutOfRangeException(nameof(dependency)),
    };

    private static ContentHttpResult Text(string json, int status) => TypedResults.Text(json, "application/json", statusCode: status);
}
