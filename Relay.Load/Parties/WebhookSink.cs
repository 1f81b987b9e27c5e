using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Relay.Shared.Graph.Webhooks;

namespace Relay.Load.Parties;

/// <summary>One POST to the business's endpoint: its <c>webhook-id</c> and exactly the bytes of its body.</summary>
internal sealed record WebhookCall(string Id, byte[] Body);

/// <summary>The business's endpoint: answers the handshake, and each delivery with 200 once its owner has taken it.</summary>
internal sealed class WebhookSink : IAsyncDisposable
{
    internal const string VerifyToken = "load";

    private readonly WebApplication _app;
    private readonly Action<WebhookCall> _onCall;

    private WebhookSink(WebApplication app, Action<WebhookCall> onCall) => (_app, _onCall) = (app, onCall);

    public Uri Callback => new(_app.Urls.First() + "/webhook");

    public static async Task<WebhookSink> StartAsync(Action<WebhookCall> onCall, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        WebhookSink sink = new(app, onCall);
        app.Run(sink.HandleAsync);
        await app.StartAsync(cancellationToken);
        return sink;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task HandleAsync(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) ? context.Response.WriteAsync(context.Request.Query["hub.challenge"].ToString()) : TakeAsync(context);

    private async Task TakeAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        _onCall(new WebhookCall(context.Request.Headers[StandardWebhooks.IdHeader].ToString(), body.ToArray()));
    }
}
