using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.Shared.Storage;

namespace Relay.LocalHost;

/// <summary>What a local host runs and on what. Only the services have no default.</summary>
public sealed record LocalFunctionHostOptions
{
    /// <summary>Where the function classes are.</summary>
    public IReadOnlyList<Assembly> FunctionAssemblies { get; init; } = [Assembly.Load("Relay.Functions")];

    /// <summary>Which of their classes to host.</summary>
    public Func<Type, bool> FunctionClasses { get; init; } = _ => true;

    /// <summary>Functions left out by name, as <c>AzureWebJobs.&lt;name&gt;.Disabled</c> does in Azure.</summary>
    public IReadOnlySet<string> DisabledFunctions { get; init; } = new HashSet<string>();

    /// <summary>The composition that all hosts share. <see cref="TimeProvider"/> is registered before it is called.</summary>
    public required Action<IServiceCollection> ConfigureServices { get; init; }

    /// <summary>The queues of a trigger's <c>Connection</c>.</summary>
    public Func<IServiceProvider, string, IQueueStore> QueueStore { get; init; } = OfStorageAccount;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    public string HostJsonPath { get; init; } = Path.Combine(AppContext.BaseDirectory, "host.json");

    /// <summary>False: queues move only in <see cref="LocalFunctionHost.DrainAsync"/>, timers only when invoked.</summary>
    public bool RunPumps { get; init; } = true;

    /// <summary>The host's bound on a request body; each function has its own, smaller one.</summary>
    public long MaxRequestBodyBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>How long a taken message is hidden, renewed at half: after a kill it is back within this time (Azure: 10 minutes).</summary>
    public TimeSpan MessageHiddenFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Test knob: each message is delivered once more after its function has succeeded.</summary>
    public bool DeliverTwice { get; init; }

    /// <summary>Real time that running functions get to finish when the host stops.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(20);

    public Action<ILoggingBuilder> ConfigureLogging { get; init; } = _ => { };

    /// <summary>Gets each exception that a function let out, with the function's name. For tests: logs show its type only.</summary>
    public Action<string, Exception>? OnFault { get; init; }

    private static IQueueStore OfStorageAccount(IServiceProvider services, string connection) => connection switch
    {
        nameof(RelayStorage) => services.GetRequiredService<RelayStorage>().Queues,
        nameof(TransportStorage) => services.GetRequiredService<TransportStorage>().Queues,
        _ => throw new InvalidOperationException($"No storage is known for the connection '{connection}'."),
    };
}
