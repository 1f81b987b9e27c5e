using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Relay.Shared.Graph.Webhooks;

namespace Relay.LocalHost.Demonstration;

/// <summary>The demo business's own webhook endpoint.</summary>
internal sealed class DemoEndpoint : IAsyncDisposable
{
    private const int Looks = 600;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

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
        for (int look = 0; look < Looks; look++)
        {
            if (_deliveries.FirstOrDefault(wanted) is { } found)
            {
                return found;
            }

            await Task.Delay(Pause, cancellationToken);
        }

        throw new DemoException($"no webhook came with {what}");
    }

    /// <summary>Waits, bounded, until each of these messages is told as <c>sent</c> or <c>failed</c>; gives what told it, in the order in which it came.</summary>
    public async Task<IReadOnlyList<DemoDelivery>> WaitForAllAsync(IReadOnlyCollection<string> messages, CancellationToken cancellationToken)
    {
        HashSet<string> asked = [.. messages];
        for (int look = 0; look < Looks; look++)
        {
            DemoDelivery[] told = [.. _deliveries.Where(delivery => delivery.Status is ("sent" or "failed", { } id) && asked.Contains(id)).DistinctBy(delivery => delivery.Status.Id)];
            if (told.Length == asked.Count)
            {
                return told;
            }

            await Task.Delay(Pause, cancellationToken);
        }

        throw new DemoException("not every message was told as sent or failed");
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
