using System.Text;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.DependencyInjection;
using Relay.LocalHost;
using Relay.LocalHost.Demonstration;
using Relay.Shared.Azure;
using Relay.Shared.Telemetry;
using Relay.Tests.Privacy;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Telemetry;

/// <summary>What really leaves for Azure Monitor: the catalogue's names, all of it, with an identity's token, and nothing of what anybody wrote or is called.</summary>
[Collection(nameof(TelemetryCollection))]
public sealed class AzureMonitorTests
{
    private const string Token = "token-of-the-identity";

    [Fact]
    public async Task A_canary_run_arrives_and_shows_nothing()
    {
        await using IngestionSink sink = await IngestionSink.StartAsync();
        Canary canary = new();
        await using (TestRelay relay = await TestRelay.StartAsync(Options(sink)))
        {
            await canary.SingAsync(relay);
        }

        Assert.All(sink.Posts, post => Assert.Equal("Bearer " + Token, post.Authorization));
        string[] metrics = [.. Named(sink, "MetricData", "metrics")];
        Findings.None(((MeteredInstrument[])[RelayMetrics.Accepted, RelayMetrics.Refused, RelayMetrics.Sent, RelayMetrics.Received, RelayMetrics.WebhookAttempts, RelayMetrics.QueueAge, RelayMetrics.KeyUnwraps])
            .Select(one => one.Name).Except(metrics));
        Findings.None(metrics.Except(RelayMetrics.All.Select(one => one.Name)));
        string[] spans = [.. Named(sink, "RemoteDependencyData", null)];
        Assert.Equal(RelayTraces.All.Order(), spans.Distinct().Order());
        Findings.None(sink.Items.Select(Kind).Distinct().Except(["MetricData", "RemoteDependencyData"]));
        Findings.None(sink.Items.SelectMany(Properties).Distinct().Except(Known()));
        ClearTextScan scan = canary.Scan;
        Findings.None(sink.Posts.SelectMany(post => scan.Search(post.Body)));
        Assert.All(sink.Posts, post => Assert.DoesNotContain(canary.Marker, Encoding.UTF8.GetString(post.Body), StringComparison.Ordinal));
    }

    /// <summary>Left to itself the exporter takes five traces a second.</summary>
    [Fact]
    public async Task Every_span_arrives()
    {
        const int Messages = 40;
        await using IngestionSink sink = await IngestionSink.StartAsync();
        await using (TestRelay relay = await TestRelay.StartAsync(Options(sink)))
        {
            await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
            TestBusiness business = await relay.BusinessAsync(receiver);
            using TestDevice anna = await relay.DeviceAsync();
            await Task.WhenAll(Enumerable.Range(0, Messages).Select(i => business.SendTextAsync(anna.Number, $"message {i}")));
            await relay.DrainAsync();
        }

        Assert.Equal(Messages, Named(sink, "RemoteDependencyData", null).Count(name => name == "relay.accept"));
        Assert.All(sink.Items.Where(item => item.TryGetProperty("sampleRate", out _)), item => Assert.Equal(100, item.GetProperty("sampleRate").GetInt32()));
    }

    [Fact]
    public async Task What_cannot_be_sent_is_not_kept_on_a_disk()
    {
        await using IngestionSink sink = await IngestionSink.StartAsync();
        sink.Status = 503;
        string folder = Directory.CreateTempSubdirectory("relay-telemetry-").FullName;
        try
        {
            LocalRelayOptions options = Options(sink, azure => azure.StorageDirectory = folder);
            await using (TestRelay relay = await TestRelay.StartAsync(options))
            {
                await relay.BusinessAsync(await WebhookReceiver.StartAsync());
            }

            Assert.NotEmpty(sink.Posts);
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("ClientId=11111111-1111-1111-1111-111111111111;Authorization=AAD", "11111111-1111-1111-1111-111111111111")]
    [InlineData("Authorization=AAD;ClientId=2;", "2")]
    [InlineData("Authorization=AAD", null)]
    public void The_sender_is_an_identity(string authentication, string? clientId)
    {
        AzureMonitorTarget? target = AzureMonitorTarget.Read(name => name == AzureMonitorTarget.ConnectionSetting ? "InstrumentationKey=1" : authentication);
        Assert.Equal((true, clientId), (target?.Identity.UsesManagedIdentity, target?.Identity.ClientId));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ClientId=1")]
    [InlineData("Authorization=ApiKey")]
    public void Nobody_sends_with_the_connection_string_alone(string? authentication) => Assert.Throws<InvalidOperationException>(
        () => AzureMonitorTarget.Read(name => name == AzureMonitorTarget.ConnectionSetting ? "InstrumentationKey=1" : authentication));

    [Fact]
    public void Without_a_connection_string_nothing_is_sent() => Assert.Null(AzureMonitorTarget.Read(name => name == AzureMonitorTarget.AuthenticationSetting ? "Authorization=AAD" : null));

    private static LocalRelayOptions Options(IngestionSink sink, Action<AzureMonitorExporterOptions>? configure = null) => new()
    {
        TelemetrySetting = name => name switch
        {
            AzureMonitorTarget.ConnectionSetting => sink.ConnectionString,
            AzureMonitorTarget.AuthenticationSetting => "ClientId=11111111-1111-1111-1111-111111111111;Authorization=AAD",
            _ => null,
        },
        Customize = services => services.PostConfigureAll<AzureMonitorExporterOptions>(azure =>
        {
            azure.Credential = new FixedToken();
            azure.Transport = new HttpClientTransport(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true });
            configure?.Invoke(azure);
        }),
    };

    private static IEnumerable<string> Named(IngestionSink sink, string kind, string? within) =>
        from item in sink.Items
        where Kind(item) == kind
        let data = item.GetProperty("data").GetProperty("baseData")
        from one in within is null ? [data] : data.GetProperty(within).EnumerateArray().ToArray()
        select one.GetProperty("name").GetString() ?? "";

    private static string Kind(JsonElement item) => item.GetProperty("data").GetProperty("baseType").GetString() ?? "";

    private static IEnumerable<string> Properties(JsonElement item) =>
        item.GetProperty("data").GetProperty("baseData").TryGetProperty("properties", out JsonElement properties) ? properties.EnumerateObject().Select(one => $"{one.Name}={one.Value}") : [];

    /// <summary>The tags of the catalogue with their values.</summary>
    private static IEnumerable<string> Known() =>
        RelayMetrics.All.SelectMany(one => one.Tags).Append(RelayTraces.Outcome).SelectMany(tag => tag.Values.Select(value => $"{tag.Key}={value}"));

    private sealed class FixedToken : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(Token, DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }
}
