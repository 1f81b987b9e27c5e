using System.Net;
using Relay.Shared.Webhooks;

namespace Relay.Shared.Hosting;

/// <summary>The relay's two ways out: to the transport, and to businesses' endpoints.</summary>
public sealed class OutgoingHttp(HttpClient transport, HttpMessageInvoker webhooks) : IDisposable
{
    public HttpClient Transport { get; } = transport;

    public HttpMessageInvoker Webhooks { get; } = webhooks;

    /// <summary>The client of the transport ends its calls itself: a file takes longer than an envelope.</summary>
    /// <param name="allowLoopback">Whether webhooks may go to loopback: local runs only.</param>
    public static OutgoingHttp Create(bool allowLoopback) => new(
        new HttpClient(CreateTransportHandler()) { Timeout = Timeout.InfiniteTimeSpan },
        new HttpMessageInvoker(WebhookClient.CreateHandler(new PublicConnect(allowLoopback))));

    /// <summary>What the transport needs and nothing else; connections are renewed, so that a moved transport is found again.</summary>
    public static SocketsHttpHandler CreateTransportHandler() => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ActivityHeadersPropagator = null,
    };

    /// <summary>The manager's way to Entra: small answers, soon, from where they are asked for and from nowhere else.</summary>
    internal static HttpClient ToEntra() => new(CreateTransportHandler()) { Timeout = TimeSpan.FromSeconds(5), MaxResponseContentBufferSize = 256 * 1024 };

    public void Dispose()
    {
        Transport.Dispose();
        Webhooks.Dispose();
    }
}
