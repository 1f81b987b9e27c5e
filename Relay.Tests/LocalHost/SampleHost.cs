using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Relay.LocalHost;
using Relay.Shared.Storage;
using Relay.Tests.Support;

namespace Relay.Tests.LocalHost;

/// <summary>Starts a local host for the function classes of one test, on a virtual clock and a scripted queue store.</summary>
internal sealed class SampleHost : IAsyncDisposable
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));

    public SampleHost() => Store = new ScriptedQueueStore(Time);

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));

    public ScriptedQueueStore Store { get; }

    public Probe Probe { get; } = new();

    public CapturedLog Log { get; } = new();

    /// <summary>Ends a test that hangs; no test waits for it.</summary>
    public CancellationToken Patience => _patience.Token;

    public string HostJson { get; set; } = """
        { "extensions": { "http": { "routePrefix": "" },
          "queues": { "messageEncoding": "none", "batchSize": 4, "newBatchThreshold": 2, "maxDequeueCount": 3, "visibilityTimeout": "00:00:15", "maxPollingInterval": "00:00:02" } } }
        """;

    /// <summary>Null after a host was started and has been disposed by the test.</summary>
    public LocalFunctionHost? Host { get; set; }

    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false });

    public async Task<LocalFunctionHost> StartAsync(Func<LocalFunctionHostOptions, LocalFunctionHostOptions> change, params Type[] functionClasses)
    {
        var file = Path.Combine(Path.GetTempPath(), $"relay-host-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, HostJson, Patience);
        try
        {
            Host = await LocalFunctionHost.StartAsync(
                change(new LocalFunctionHostOptions
                {
                    FunctionAssemblies = [typeof(SampleHost).Assembly],
                    FunctionClasses = functionClasses.Contains,
                    ConfigureServices = services => services
                        .AddSingleton(Probe)
                        .AddScoped<PerCall>()
                        .AddSingleton(_ => new RelayStorage(null!, Store, null!)),
                    ConfigureLogging = logging => logging.AddProvider(Log).SetMinimumLevel(LogLevel.Trace),
                    Time = Time,
                    HostJsonPath = file,
                    RunPumps = false,
                }),
                Patience);
        }
        finally
        {
            File.Delete(file);
        }

        Http.BaseAddress = Host.BaseAddress;
        return Host;
    }

    public Task<LocalFunctionHost> StartAsync(params Type[] functionClasses) => StartAsync(options => options, functionClasses);

    public Task SendAsync(string queue, string body) => SendAsync(queue, body, TimeSpan.Zero);

    /// <summary>Sends as the application does, through the store that the host has put around ours.</summary>
    public Task SendAsync(string queue, string body, TimeSpan delay) =>
        Host!.Services.GetRequiredService<RelayStorage>().Queues.SendAsync(queue, body, delay, TimeSpan.FromDays(7), Patience);

    public async ValueTask DisposeAsync()
    {
        Probe.Release(1_000);
        if (Host is not null)
        {
            await Host.DisposeAsync();
        }

        Probe.Dispose();
        Http.Dispose();
        Log.Dispose();
        _patience.Dispose();
    }
}
