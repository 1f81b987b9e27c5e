using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Relay.Functions;
using Relay.Functions.Telemetry;
using Relay.Shared.Azure;
using Relay.Shared.Hosting;
using Relay.Shared.PhoneNumbers.Registration;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;

namespace Relay.LocalHost;

/// <summary>All of Relay's roles in this process, over HTTP: what <c>./relay up</c>, the tests and the benchmarks start.</summary>
public sealed class LocalRelay : IAsyncDisposable
{
    /// <summary>The region of every local run.</summary>
    internal const string Region = "local";

    /// <summary>Free ports tried until one is still free when it is bound.</summary>
    private const int MaxPorts = 5;

    private readonly LocalFunctionHost _host;

    private LocalRelay(LocalFunctionHost host, LocalRelayOptions options)
    {
        _host = host;
        Options = options;
    }

    public LocalRelayOptions Options { get; }

    public Uri BaseAddress => _host.BaseAddress;

    public IServiceProvider Services => _host.Services;

    public static async Task<LocalRelay> StartAsync(LocalRelayOptions options, CancellationToken cancellationToken)
    {
        RelayStorage relay = options.RelayStorage ?? new RelayStorage(new MemoryTableStore(), new MemoryQueueStore(options.Time), new MemoryBlobStore());
        TransportStorage transport = options.TransportStorage ?? new TransportStorage(new MemoryTableStore(), new MemoryQueueStore(options.Time), new MemoryBlobStore());
        await relay.EnsureAsync(cancellationToken);
        await transport.EnsureAsync(cancellationToken);
        ManagerStorage manager = options.ManagerStorage ?? new ManagerStorage(new MemoryTableStore());
        await manager.EnsureAsync(cancellationToken);

        // Both roles must know their address before they start, so the port is chosen here; somebody else may take it before it is bound.
        for (int attempt = 1; ; attempt++)
        {
            int port = options.Port == 0 ? FreePort() : options.Port;
            try
            {
                return new LocalRelay(await StartAsync(options, relay, transport, manager, port, cancellationToken), options);
            }
            catch (IOException e) when (e.InnerException is AddressInUseException && options.Port == 0 && attempt < MaxPorts)
            {
                // Another one.
            }
        }
    }

    private static Task<LocalFunctionHost> StartAsync(
        LocalRelayOptions options, RelayStorage relay, TransportStorage transport, ManagerStorage manager, int port, CancellationToken cancellationToken)
    {
        Uri address = new($"http://127.0.0.1:{port}");
        return LocalFunctionHost.StartAsync(
            new LocalFunctionHostOptions
            {
                ConfigureServices = services => Compose(services, options, relay, transport, manager, address),
                Time = options.Time,
                Port = port,
                RunPumps = options.RunPumps,
                MessageHiddenFor = options.MessageHiddenFor,
                DeliverTwice = options.DeliverTwice,
                ConfigureLogging = options.ConfigureLogging,
                OnFault = options.OnFault,
            },
            cancellationToken);
    }

    /// <summary>Runs the queues until nothing visible is left and nothing runs.</summary>
    public Task DrainAsync(CancellationToken cancellationToken) => _host.DrainAsync(cancellationToken);

    public Task InvokeTimerAsync(string functionName, CancellationToken cancellationToken) => _host.InvokeTimerAsync(functionName, cancellationToken);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>All roles, without a host. The caller registers <see cref="TimeProvider"/> and logging.</summary>
    internal static void Compose(IServiceCollection services, LocalRelayOptions options, RelayStorage relay, TransportStorage transport, ManagerStorage manager, Uri address)
    {
        services.AddSingleton(relay);
        services.AddSingleton(transport);
        services.AddSingleton(RelayAccounts.OpenKeys(relay, new LocalKeyWrapper(options.RelayKeys), options.Time, Region));
        services.AddSingleton(RelayAccounts.OpenKeys(transport, new LocalKeyWrapper(options.TransportKeys), options.Time, Region));
        if (options.OutgoingHttp is { } outgoing)
        {
            services.AddSingleton(outgoing);
        }

        services.AddSingleton<INumberCodeSender>(new PrintNumberCode(options.CodeOutput));
        services.AddRelay(new RelayOptions
        {
            Region = Region,
            Era = options.Era,
            PublicBaseUrl = address,
            TransportBaseUrl = options.TransportBaseUrl ?? address,
            RegistrationKey = options.RegistrationKey,
            AllowLoopbackWebhooks = true,
            Limits = options.Limits,
            EnforcesServiceWindow = options.EnforcesServiceWindow,
            Stamps = options.Stamps,
        });
        services.AddTransport(new TransportOptions
        {
            RegistrationKey = options.RegistrationKey,
            OperatorKey = options.OperatorKey,
            MailboxFirstLook = options.MailboxFirstLook,
            FirstTier = options.FirstTier,
            DeviceLimits = options.DeviceLimits,
            CodeOutput = options.CodeOutput,
            CodeDirectory = options.CodeDirectory,
        });
        services.AddSingleton(manager);
        services.AddManager(new ManagerOptions
        {
            AdminToken = options.IsAdminTokenDisabled ? null : options.AdminToken,
            OperatorKey = options.OperatorKey,
            Entra = options.Entra,
            Stamps = options.ManagerStamps,
            StampKey = options.StampKey,
        });
        services.AddTelemetryExport(options.TelemetrySetting);
        services.AddRelayFunctions();
        services.AddManagerFunctions();
        services.AddTransportFunctions();
        options.Customize(services);
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket.LocalEndPoint is IPEndPoint { Port: var port } ? port : throw new InvalidOperationException("No port is free.");
    }
}
