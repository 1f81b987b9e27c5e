using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Relay.Shared.Graph.Webhooks;
using Relay.Shared.Primitives;

namespace Relay.Tests.Support;

/// <summary>A business's endpoint on loopback: answers the handshake, keeps every delivery, and can be told to fail.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WebApplication _app;
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WebhookReceiver(WebApplication app, string verifyToken)
    {
        _app = app;
        VerifyToken = verifyToken;
    }

    public string VerifyToken { get; }

    public Uri Callback => new(_app.Urls.First() + "/webhook");

    public ConcurrentQueue<Delivery> Deliveries { get; } = new();

    /// <summary>What it answers; 200 unless told otherwise.</summary>
    public int Status { get; set; } = 200;

    /// <summary>Runs before each answer.</summary>
    public Func<Delivery, Task> OnDelivery { get; set; } = _ => Task.CompletedTask;

    public static async Task<WebhookReceiver> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        WebhookReceiver receiver = new(app, Convert.ToHexStringLower(Guid.NewGuid().ToByteArray()));
        app.MapGet("/webhook", receiver.Verify);
        app.MapPost("/webhook", receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Accepted deliveries, statuses as "status:wamid", messages as "message:wamid".</summary>
    public IReadOnlyList<string> Told() => [.. Deliveries.Where(delivery => delivery.Accepted).Select(delivery => delivery.Summary)];

    /// <summary>The first delivery that is like this, waited for: for a Relay whose queues move by themselves.</summary>
    public async Task<Delivery> WaitForAsync(Predicate<Delivery> isLike)
    {
        while (true)
        {
            Task next = Volatile.Read(ref _next).Task;
            if (Deliveries.FirstOrDefault(delivery => isLike(delivery)) is { } found)
            {
                return found;
            }

            try
            {
                await next.WaitAsync(Patience);
            }
            catch (TimeoutException)
            {
                throw new InvalidOperationException($"It was not told; this was: {string.Join(", ", Deliveries.Select(delivery => delivery.Summary))}");
            }
        }
    }

    /// <summary>Waited for: an accepted delivery with that <see cref="Delivery.Summary"/>.</summary>
    public Task<Delivery> WaitForAsync(string summary) => WaitForAsync(delivery => delivery.Accepted && delivery.Summary == summary);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Verify(HttpRequest request) =>
        request.Query["hub.mode"] == "subscribe" && request.Query["hub.verify_token"] == VerifyToken
            ? Results.Text(request.Query["hub.challenge"])
            : Results.StatusCode(403);

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using MemoryStream body = new();
        await request.Body.CopyToAsync(body);
        Delivery delivery = new(body.ToArray(), request.Headers[WebhookSignature.Header].ToString(), Status is >= 200 and < 300)
        {
            Id = request.Headers[StandardWebhooks.IdHeader].ToString(),
            Standard = (long.Parse(request.Headers[StandardWebhooks.TimestampHeader].ToString(), CultureInfo.InvariantCulture),
                request.Headers[StandardWebhooks.SignatureHeader].ToString()),
        };
        await OnDelivery(delivery);
        Deliveries.Enqueue(delivery);
        Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        return Results.StatusCode(Status);
    }
}

/// <summary>One POST that the endpoint got.</summary>
internal sealed record Delivery(byte[] Body, string Signature, bool Accepted)
{
    /// <summary>Header <c>webhook-id</c>: the same at every attempt.</summary>
    public string Id { get; init; } = "";

    /// <summary>Headers <c>webhook-timestamp</c> and <c>webhook-signature</c>.</summary>
    public (long Timestamp, string Signature) Standard { get; init; }

    public bool IsSignedByStandard(string appSecret) =>
        Standard.Signature == StandardWebhooks.Compute(new Secret(appSecret), Id, Standard.Timestamp, Body);

    public JsonElement Value => JsonDocument.Parse(Body).RootElement.GetProperty("entry")[0].GetProperty("changes")[0].GetProperty("value");

    public bool IsMessage => Value.TryGetProperty("messages", out _);

    public JsonElement Message => Value.GetProperty("messages")[0];

    public JsonElement StatusUpdate => Value.GetProperty("statuses")[0];

    public string Summary => IsMessage
        ? "message:" + Message.GetProperty("id").GetString()
        : StatusUpdate.GetProperty("status").GetString() + ":" + StatusUpdate.GetProperty("id").GetString();

    public bool IsSignedBy(string appSecret) => WebhookSignature.IsValid(new Secret(appSecret), Signature, Body);
}
