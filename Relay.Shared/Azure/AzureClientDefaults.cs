using Azure.Core;
using Azure.Core.Pipeline;

namespace Relay.Shared.Azure;

/// <summary>
/// What all clients of Azure share: one pool of connections, few and bounded retries (about 4 s of waiting at most), and nothing logged or traced by the
/// SDK, because request addresses hold keys.
/// </summary>
internal static class AzureClientDefaults
{
    /// <summary>One for the process. Connections are renewed, so that a moved account is found again by its name.</summary>
    private static readonly HttpClientTransport s_transport = new(new HttpClient(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
    })
    {
        // The pipeline's network timeout rules.
        Timeout = Timeout.InfiniteTimeSpan,
    });

    internal static T Apply<T>(T options)
        where T : ClientOptions
    {
        options.Transport = s_transport;
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.MaxRetries = 3;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(2);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(10);
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsLoggingContentEnabled = false;
        options.Diagnostics.IsDistributedTracingEnabled = false;
        options.Diagnostics.IsTelemetryEnabled = false;
        return options;
    }
}
