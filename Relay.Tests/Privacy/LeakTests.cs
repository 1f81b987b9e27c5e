using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.LocalHost;
using Relay.LocalHost.Demonstration;
using Relay.Privacy.Watching;
using Relay.Shared.Azure;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Privacy;

/// <summary>Nothing of a canary run is in clear where it could be read afterwards: the emulator's files, logs at their most detailed, metrics, traces, queues (R10).</summary>
public sealed class LeakTests
{
    [Fact]
    public async Task No_byte_of_the_emulators_files_shows_anything()
    {
        string folder = Directory.CreateTempSubdirectory("relay-canary-").FullName;
        try
        {
            Canary canary = new();
            await using (AzuriteServer server = await AzuriteServer.StartAsync(folder, CancellationToken.None))
            {
                await using TestRelay relay = await TestRelay.StartAsync(OnEmulator(server));
                await canary.SingAsync(relay);
            }

            // It has written all it has by the time it ends.
            ClearTextScan scan = canary.Scan;
            scan.ProveItself();
            Assert.Contains(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories), file => ClearTextScan.Contains(file, canary.Marker));
            Assert.True(scan.SearchFolder(folder).Bytes > 100_000);
            Findings.None(scan.Findings);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Values and scopes as well as lines: what a logger that takes more than the text would keep.</summary>
    [Fact]
    public async Task No_line_value_or_scope_of_a_log_at_its_most_detailed_shows_anything()
    {
        Sightings seen = new();
        Canary canary = new();
        await using TestRelay relay = await TestRelay.StartAsync(new LocalRelayOptions
        {
            Customize = services => services.AddLogging(logging => logging.AddProvider(new WatchedLog(seen))),
        });
        await canary.SingAsync(relay);
        Sighting[] lines = [.. seen.TakeAll()];
        Assert.True(lines.Length > 10);
        ClearTextScan scan = canary.Scan;
        Findings.None(lines.SelectMany(line => scan.Search(line.Bytes).Select(name => $"{name} in {line.Where}")).Distinct());
    }

    /// <summary>The category that says each request's address says nothing, and makes no scope of it; without this the next test could pass by chance.</summary>
    [Fact]
    public async Task No_request_is_logged_by_whoever_serves_it()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        ILoggerFactory loggers = relay.Local.Services.GetRequiredService<ILoggerFactory>();
        Assert.False(loggers.CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics").IsEnabled(LogLevel.Critical));
        Assert.False(loggers.CreateLogger("Microsoft.AspNetCore.Routing.Matching.DfaMatcher").IsEnabled(LogLevel.Information));
        Assert.True(loggers.CreateLogger("Relay.Shared.Anything").IsEnabled(LogLevel.Trace));
    }

    [Fact]
    public async Task No_metric_and_no_trace_shows_anything()
    {
        ConcurrentBag<string> seen = [];
        using ActivityListener traces = new()
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (!IsTheCallers(activity))
                {
                    seen.Add(Text(activity));
                }
            },
        };
        ActivitySource.AddActivityListener(traces);
        using MeterListener metrics = new() { InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        metrics.SetMeasurementEventCallback<double>((instrument, _, tags, _) => seen.Add(Text(instrument, tags)));
        metrics.SetMeasurementEventCallback<long>((instrument, _, tags, _) => seen.Add(Text(instrument, tags)));
        metrics.Start();

        Canary canary = new();
        await using TestRelay relay = await TestRelay.StartAsync();
        await canary.SingAsync(relay);
        Assert.Contains(seen, text => text.StartsWith("http.server.request.duration", StringComparison.Ordinal));
        Assert.Contains(seen, text => text.Contains("HttpRequestIn", StringComparison.Ordinal));
        ClearTextScan scan = canary.Scan;
        Findings.None(seen.Distinct().SelectMany(text => scan.Search(Encoding.UTF8.GetBytes(text)).Select(name => $"{name} in {text}")));
    }

    [Fact]
    public async Task No_body_of_a_queue_shows_anything()
    {
        Sightings seen = new();
        Canary canary = new();
        LookupAges ages = new(TimeProvider.System);
        Shared.Storage.Memory.MemoryTableStore relayTables = new();
        Shared.Storage.Memory.MemoryTableStore transportTables = new();
        await using TestRelay relay = await TestRelay.StartAsync(new LocalRelayOptions
        {
            RelayStorage = new RelayStorage(
                new WatchedTables(relayTables, "relay", seen, ages), new WatchedQueues(new Shared.Storage.Memory.MemoryQueueStore(TimeProvider.System), "relay", seen), new Shared.Storage.Memory.MemoryBlobStore()),
            TransportStorage = new TransportStorage(
                new WatchedTables(transportTables, "transport", seen, ages), new WatchedQueues(new Shared.Storage.Memory.MemoryQueueStore(TimeProvider.System), "transport", seen), new Shared.Storage.Memory.MemoryBlobStore()),
        });
        await canary.SingAsync(relay);
        Sighting[] written = [.. seen.TakeAll()];
        foreach (string queue in (string[])["relay queue outbound", "relay queue inbound", "relay queue webhooks", "relay queue erasures", "relay queue replays", "transport queue push"])
        {
            Assert.Contains(written, sighting => sighting.Where == queue);
        }

        ClearTextScan scan = canary.Scan;
        Findings.None(written.SelectMany(sighting => scan.Search(sighting.Bytes).Select(name => $"{name} in {sighting.Where}")).Distinct());
    }

    /// <summary>The business's own calls, traced in this process as well: Relay calls transports and endpoints only.</summary>
    private static bool IsTheCallers(Activity activity) =>
        activity is { Kind: ActivityKind.Client } && activity.GetTagItem("url.full") is string address
        && !new Uri(address).AbsolutePath.StartsWith("/transport/", StringComparison.Ordinal)
        && !new Uri(address).AbsolutePath.StartsWith("/relay/v1/transport/", StringComparison.Ordinal)
        && !new Uri(address).AbsolutePath.StartsWith("/webhook", StringComparison.Ordinal);

    private static string Text(Activity activity) => $"{activity.OperationName} {activity.DisplayName} {activity.StatusDescription} "
        + string.Join(' ', activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"))
        + string.Join(' ', activity.Events.Select(happened => happened.Name + string.Join(' ', happened.Tags.Select(tag => $"{tag.Key}={tag.Value}"))));

    private static string Text(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        StringBuilder text = new(instrument.Name);
        foreach ((string name, object? value) in tags)
        {
            text.Append(' ').Append(name).Append('=').Append(value);
        }

        return text.ToString();
    }

    private static LocalRelayOptions OnEmulator(AzuriteServer server)
    {
        static AzureStorageConnection Connect(string connection) =>
            AzureStorageConnection.Create(AzureStorageSettings.Read("Test", name => name == "Test" ? connection : null), null);

        AzureStorageConnection relay = Connect(server.RelayStorage);
        AzureStorageConnection transport = Connect(server.TransportStorage);
        return new LocalRelayOptions
        {
            RelayStorage = new RelayStorage(relay.Tables, relay.Queues, relay.Blobs),
            TransportStorage = new TransportStorage(transport.Tables, transport.Queues, transport.Blobs),
        };
    }
}
