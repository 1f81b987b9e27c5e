using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Relay.Benchmarks.Stage;

/// <summary>The business's endpoint: answers the handshake and each delivery with 200, and ends the waits for messages it was told of.</summary>
internal sealed class WebhookSink : IAsyncDisposable
{
    internal const string VerifyToken = "benchmark";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waits = new(StringComparer.Ordinal);

    private WebhookSink(WebApplication app) => _app = app;

    public Uri Callback => new(_app.Urls.First() + "/webhook");

    public static async Task<WebhookSink> StartAsync(CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        WebhookSink sink = new(app);
        app.Run(sink.HandleAsync);
        await app.StartAsync(cancellationToken);
        return sink;
    }

    /// <summary>Completes when a message with this text was told. To be asked for before it is sent.</summary>
    public Task WhenToldAsync(string text) =>
        _waits.GetOrAdd(text, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task HandleAsync(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) ? context.Response.WriteAsync(context.Request.Query["hub.challenge"].ToString()) : TakeAsync(context);

    private async Task TakeAsync(HttpContext context)
    {
        using JsonDocument body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        JsonElement value = body.RootElement.GetProperty("entry")[0].GetProperty("changes")[0].GetProperty("value");
        if (value.TryGetProperty("messages", out JsonElement messages)
            && messages[0].GetProperty("text").GetProperty("body").GetString() is { } text
            && _waits.TryRemove(text, out TaskCompletionSource? wait))
        {
            wait.SetResult();
        }
    }
}
