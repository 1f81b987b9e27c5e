using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using Relay.Functions.Telemetry;
using Relay.LocalHost;
using Relay.LocalHost.Demonstration;
using Relay.Shared.Telemetry;
using Relay.Tests.Privacy;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Telemetry;

/// <summary>What really leaves by OTLP: the catalogue's names and values, and nothing of what anybody wrote or is called.</summary>
[Collection(nameof(TelemetryCollection))]
public sealed class ExportTests
{
    [Fact]
    public async Task A_canary_run_is_exported_and_shows_nothing()
    {
        await using OtlpSink sink = await OtlpSink.StartAsync();
        Canary canary = new();
        await using (TestRelay relay = await TestRelay.StartAsync(new LocalRelayOptions { TelemetrySetting = Settings(sink) }))
        {
            await canary.SingAsync(relay);
        }

        // Whatever was measured is exported by the time the host has stopped.
        (string Path, byte[] Body)[] posts = [.. sink.Posts];
        string metrics = Text(posts, "/v1/metrics");
        string traces = Text(posts, "/v1/traces");
        foreach (MeteredInstrument expected in (MeteredInstrument[])[RelayMetrics.Accepted, RelayMetrics.Refused, RelayMetrics.Sent, RelayMetrics.Received, RelayMetrics.WebhookAttempts, RelayMetrics.QueueAge, RelayMetrics.Retries, RelayMetrics.KeyUnwraps, RelayMetrics.Pushes])
        {
            Assert.Contains(expected.Name, metrics, StringComparison.Ordinal);
        }

        Findings.None(RelayTraces.All.Where(name => !traces.Contains(name, StringComparison.Ordinal)));
        ClearTextScan scan = canary.Scan;
        Findings.None(posts.SelectMany(post => scan.Search(post.Body).Select(name => $"{name} in {post.Path}")));
        Assert.DoesNotContain("http.server", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("HttpRequestIn", traces, StringComparison.Ordinal);
        Assert.DoesNotContain(canary.Marker, metrics + traces, StringComparison.Ordinal);
    }

    /// <summary>A caller's traceparent, tracestate and baggage are what a stranger wrote.</summary>
    [Fact]
    public async Task Nothing_of_a_callers_own_trace_is_taken_on()
    {
        await using OtlpSink sink = await OtlpSink.StartAsync();
        const string State = "stranger=tracestate-7f3a";
        await using (TestRelay relay = await TestRelay.StartAsync(new LocalRelayOptions { TelemetrySetting = Settings(sink) }))
        {
            await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
            TestBusiness business = await relay.BusinessAsync(receiver);
            using TestDevice anna = await relay.DeviceAsync();
            using HttpClient http = new();
            using HttpRequestMessage request = new(HttpMethod.Post, new Uri(relay.Local.BaseAddress, $"v25.0/{business.PhoneNumberId}/messages"))
            {
                Content = new StringContent(TestBusiness.Text(anna.Number, "hello"), Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("Authorization", "Bearer " + business.AccessToken);
            request.Headers.Add("traceparent", "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01");
            request.Headers.Add("tracestate", State);
            request.Headers.Add("baggage", State);
            using HttpResponseMessage response = await http.SendAsync(request);
            Assert.True(response.IsSuccessStatusCode);
            await relay.DrainAsync();
        }

        (string Path, byte[] Body)[] posts = [.. sink.Posts];
        Assert.Contains("relay.accept", Text(posts, "/v1/traces"), StringComparison.Ordinal);
        Assert.All(posts, post => Assert.False(Encoding.Latin1.GetString(post.Body).Contains("stranger", StringComparison.Ordinal)));
        Assert.All(posts, post => Assert.Equal(-1, post.Body.AsSpan().IndexOf(Convert.FromHexString("0123456789abcdef0123456789abcdef"))));
    }

    [Fact]
    public void Without_an_endpoint_there_is_no_exporter()
    {
        ServiceCollection services = new();
        Assert.Empty(services.AddTelemetryExport(_ => null));
        Assert.Contains(
            services.AddTelemetryExport(name => name == TelemetryExport.EndpointSetting ? "http://127.0.0.1:1" : null),
            service => service.ServiceType == typeof(MeterProvider));
    }

    private static Func<string, string?> Settings(OtlpSink sink) => name => name switch
    {
        TelemetryExport.EndpointSetting => sink.Address,
        "OTEL_EXPORTER_OTLP_PROTOCOL" => "http/protobuf",
        _ => null,
    };

    private static string Text((string Path, byte[] Body)[] posts, string path) =>
        string.Concat(posts.Where(post => post.Path == path).Select(post => Encoding.Latin1.GetString(post.Body)));
}
