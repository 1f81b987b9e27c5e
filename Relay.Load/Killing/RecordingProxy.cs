using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Relay.Load.Counting;
using Relay.Shared.Hosting;
using Relay.Shared.RoleCalls;

namespace Relay.Load.Killing;

/// <summary>
/// Stands between relay and transport: shows each envelope to the oracle before it goes on, and passes everything on as it is. Where the
/// transport isn't there, the connection breaks off as it would without the proxy.
/// </summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private static readonly string[] s_passed = ["Authorization", RoleSignature.Header];

    private readonly WebApplication _app;
    private readonly HttpClient _http = new(OutgoingHttp.CreateTransportHandler());
    private readonly RatchetOracle _oracle;
    private readonly Uri _target;

    private RecordingProxy(WebApplication app, RatchetOracle oracle, Uri target) => (_app, _oracle, _target) = (app, oracle, target);

    public Uri Address => new(_app.Urls.First());

    public static async Task<RecordingProxy> StartAsync(RatchetOracle oracle, Uri target, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        RecordingProxy proxy = new(app, oracle, target);
        app.Run(proxy.PassOnAsync);
        await app.StartAsync(cancellationToken);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task PassOnAsync(HttpContext context)
    {
        try
        {
            using HttpRequestMessage request = await CopyAsync(context.Request, context.RequestAborted);
            using HttpResponseMessage response = await _http.SendAsync(request, context.RequestAborted);
            byte[] body = await response.Content.ReadAsByteArrayAsync(context.RequestAborted);
            context.Response.StatusCode = (int)response.StatusCode;
            context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
            if (response.Headers.TryGetValues("Retry-After", out IEnumerable<string>? after))
            {
                context.Response.Headers.RetryAfter = after.First();
            }

            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or System.Net.Sockets.SocketException or OperationCanceledException)
        {
            context.Abort();
        }
    }

    private async Task<HttpRequestMessage> CopyAsync(HttpRequest from, CancellationToken cancellationToken)
    {
        using MemoryStream body = new();
        await from.Body.CopyToAsync(body, cancellationToken);
        HttpMethod method = new(from.Method);
        if (RatchetOracle.IsSend(method, from.Path))
        {
            _oracle.Look(body.ToArray());
        }

        HttpRequestMessage request = new(method, new Uri(_target, from.Path + from.QueryString));
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body.ToArray());
            request.Content.Headers.TryAddWithoutValidation("Content-Type", from.ContentType);
        }

        foreach (string name in s_passed.Where(from.Headers.ContainsKey))
        {
            request.Headers.TryAddWithoutValidation(name, from.Headers[name].ToString());
        }

        return request;
    }
}
