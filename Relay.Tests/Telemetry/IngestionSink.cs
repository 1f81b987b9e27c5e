using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Relay.Tests.Telemetry;

/// <summary>Stands for the ingestion endpoint of Azure Monitor: TLS with a certificate of its own, because the exporter gives its token to nothing less.</summary>
internal sealed class IngestionSink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;

    private IngestionSink(WebApplication app, X509Certificate2 certificate) => (_app, _certificate) = (app, certificate);

    public ConcurrentQueue<(string Authorization, byte[] Body)> Posts { get; } = [];

    /// <summary>What it answers.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>A key of its own for each: the exporter keeps one connection for each key.</summary>
    public string ConnectionString => field ??= $"InstrumentationKey={Guid.NewGuid()};IngestionEndpoint={_app.Urls.Single()}/";

    public IEnumerable<JsonElement> Items => Posts.SelectMany(post => Encoding.UTF8.GetString(post.Body).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        .Select(line => JsonSerializer.Deserialize<JsonElement>(line));

    public static async Task<IngestionSink> StartAsync()
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(40), DateTimeOffset.UnixEpoch.AddYears(200));
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(server => server.ListenLocalhost(certificate));
        WebApplication app = builder.Build();
        IngestionSink sink = new(app, certificate);
        app.Run(sink.TakeAsync);
        await app.StartAsync();
        return sink;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using MemoryStream body = new();
        if (context.Request.Headers.ContentEncoding.Contains("gzip"))
        {
            await using GZipStream plain = new(context.Request.Body, CompressionMode.Decompress);
            await plain.CopyToAsync(body);
        }
        else
        {
            await context.Request.Body.CopyToAsync(body);
        }

        Posts.Enqueue((context.Request.Headers.Authorization.ToString(), body.ToArray()));
        int items = body.ToArray().AsSpan().Count((byte)'\n') + 1;
        context.Response.StatusCode = Status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync($$"""{"itemsReceived":{{items}},"itemsAccepted":{{items}},"errors":[]}""");
    }
}

file static class Loopback
{
    internal static void ListenLocalhost(this Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions server, X509Certificate2 certificate) =>
        server.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(certificate));
}
