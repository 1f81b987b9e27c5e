using System.Net;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.Shared.Storage;

namespace Relay.LocalHost;

/// <summary>
/// Runs function classes without Azure: the same methods, attributes and host.json, over Kestrel on 127.0.0.1, a queue
/// pump and a timer pump. For development, tests and benchmarks; never deployed.
/// </summary>
public sealed class LocalFunctionHost : IAsyncDisposable
{
    private const int MaxRequestHeaderBytes = 16 * 1024;

    /// <summary>Real time that open requests (a long poll, say) get when the host stops.</summary>
    private static readonly TimeSpan HttpPatience = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly Pump _pump;
    private readonly LocalFunctionHostOptions _options;
    private bool _stopped;

    private LocalFunctionHost(WebApplication app, Pump pump, FunctionCatalog catalog, LocalFunctionHostOptions options)
    {
        (_app, _pump, _options, Catalog) = (app, pump, options, catalog);
        BaseAddress = new Uri(app.Urls.Single());
    }

    public Uri BaseAddress { get; }

    public IServiceProvider Services => _app.Services;

    public FunctionCatalog Catalog { get; }

    public TimeProvider Time => _options.Time;

    /// <exception cref="InvalidOperationException">Functions, routes, host.json or services are wrong; the text says which.</exception>
    public static async Task<LocalFunctionHost> StartAsync(LocalFunctionHostOptions options, CancellationToken cancellationToken)
    {
        var settings = HostJson.Load(options.HostJsonPath);
        var catalog = FunctionCatalog
            .Scan(options.FunctionAssemblies.SelectMany(assembly => assembly.GetTypes()).Where(options.FunctionClasses))
            .Without(options.DisabledFunctions);

        var app = Build(options);
        try
        {
            var invoker = new FunctionInvoker(app.Services, catalog);
            var router = new HttpRouter(catalog, settings.RoutePrefix, invoker, options.OnFault, app.Services.GetRequiredService<ILogger<HttpRouter>>());
            app.Run(router.HandleAsync);

            var pump = await CreatePumpAsync(app.Services, catalog, settings.Queues, invoker, options, cancellationToken);
            await app.StartAsync(cancellationToken);
            if (options.RunPumps)
            {
                pump.Start();
            }

            return new LocalFunctionHost(app, pump, catalog, options);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Returns when no queue of a function, poison queues included, has a visible message and no queue or timer function
    /// runs. Delayed and failed messages are not waited for: move the clock and drain again. It needs no running pump,
    /// never sleeps, and must not be called from a function.
    /// </summary>
    public Task DrainAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_stopped, this);
        return _pump.DrainAsync(cancellationToken);
    }

    /// <summary>Runs a timer function now. Its exception is the caller's.</summary>
    public Task InvokeTimerAsync(string functionName, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_stopped, this);
        return _pump.RunTimerAsync(functionName, cancellationToken);
    }

    /// <summary>Returns at SIGINT, SIGTERM or cancellation. Dispose the host then.</summary>
    public static async Task WaitForSignalAsync(CancellationToken cancellationToken)
    {
        var signalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Signal(PosixSignalContext context)
        {
            context.Cancel = true;
            signalled.TrySetResult();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Signal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Signal);
        using var cancelled = cancellationToken.Register(() => signalled.TrySetResult());
        await signalled.Task;
    }

    /// <summary>Stops in the order that loses nothing: queues and timers first, since their functions may call this host.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        await _pump.StopAsync(_options.ShutdownTimeout);
        using var patience = new CancellationTokenSource(HttpPatience);
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
        _pump.Dispose();
    }

    private static WebApplication Build(LocalFunctionHostOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Host.UseDefaultServiceProvider(provider => provider.ValidateScopes = provider.ValidateOnBuild = true);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxRequestBodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxRequestHeaderBytes;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        options.ConfigureLogging(builder.Logging);
        builder.Services.AddSingleton(options.Time);
        builder.Services.AddSingleton<IHostLifetime, CallersLifetime>();
        options.ConfigureServices(builder.Services);
        builder.Services.SignalQueueSends();
        return builder.Build();
    }

    private static async Task<Pump> CreatePumpAsync(
        IServiceProvider services, FunctionCatalog catalog, QueueSettings settings, FunctionInvoker invoker, LocalFunctionHostOptions options, CancellationToken cancellationToken)
    {
        var everything = new InFlight();
        var listeners = new List<QueueListener>();
        foreach (var connection in catalog.Queues.GroupBy(function => function.Connection))
        {
            var store = options.QueueStore(services, connection.Key);
            await store.EnsureQueuesAsync([.. connection.SelectMany(NamesOf).Distinct()], cancellationToken);
            foreach (var function in connection)
            {
                var delivery = new QueueDelivery(function, store, settings, invoker, options, services.GetRequiredService<ILogger<QueueDelivery>>());
                var listener = new QueueListener(function, store, settings, delivery, options, everything, services.GetRequiredService<ILogger<QueueListener>>());
                (store as SignallingQueueStore)?.OnSent(function.Queue, listener.Wake);
                listeners.Add(listener);
            }
        }

        var timers = catalog.Timers
            .Select(function => new ScheduledTimer(function, invoker, options, everything, services.GetRequiredService<ILogger<ScheduledTimer>>()))
            .ToList();
        return new Pump(listeners, timers, everything, services.GetRequiredService<ILogger<Pump>>());
    }

    private static IEnumerable<string> NamesOf(QueueFunction function) =>
        function.Queue.EndsWith(QueueNames.PoisonSuffix, StringComparison.Ordinal) ? [function.Queue] : [function.Queue, function.Queue + QueueNames.PoisonSuffix];

    /// <summary>Whoever started the host stops it: no signal handler of its own.</summary>
    private sealed class CallersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
