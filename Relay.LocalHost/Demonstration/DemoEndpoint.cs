using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Relay.Shared.Graph.Webhooks;

namespace Relay.LocalHost.Demonstration;

/// <summary>The demo business's own webhook endpoint.</summary>
internal sealed class DemoEndpoint : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<DemoDelivery> _deliveries = new();

    private DemoEndpoint(WebApplication app) => _app = app;

    public string VerifyToken { get; set; } = string.Empty;

    public Uri Callback => new(_app.Urls.First() + "/webhook");

    public static async Task<DemoEndpoint> StartAsync(CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        DemoEndpoint endpoint = new(app);
        app.MapGet("/webhook", (HttpRequest request) => request.Query["hub.verify_token"] == endpoint.VerifyToken
            ? Results.Text(request.Query["hub.challenge"])
            : Results.StatusCode(StatusCodes.Status403Forbidden));
        app.MapPost("/webhook", endpoint.TakeAsync);
        await app.StartAsync(cancellationToken);
        return endpoint;
    }

    /// <summary>Waits, bounded, for a delivery.</summary>
    public async Task<DemoDelivery> WaitAsync(string what, Func<DemoDelivery, bool> wanted, CancellationToken cancellationToken)
    {
        for (int i = 0; i < 300; i++)
        {
            if (_deliveries.FirstOrDefault(wanted) is { } found)
            {
                return found;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }

        throw new DemoException($"no webhook came with {what}");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using MemoryStream body = new();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        _deliveries.Enqueue(new DemoDelivery(body.ToArray(), request.Headers[WebhookSignature.Header].ToString()));
        return Results.Ok();
    }
}

/// <param name="Body">The bytes that were signed.</param>
/// <param name="Signature">The header.</param>
internal sealed record DemoDelivery(byte[] Body, string Signature)
{
    public override string ToString() => "[redacted]";

    private JsonElement Value => JsonDocument.Parse(Body).RootElement.GetProperty("entry")[0].GetProperty("changes")[0].GetProperty("value");

    public string? MessageText => Value.TryGetProperty("messages", out JsonElement messages)
        ? messages[0].GetProperty("text").GetProperty("body").GetString()
        : null;

    public (string? Status, string? Id) Status => Value.TryGetProperty("statuses", out JsonElement statuses)
        ? (statuses[0].GetProperty("status").GetString(), statuses[0].GetProperty("id").GetString())
        : default;
}
