using Relay.Shared.Azure;
using Relay.Shared.Hosting;
using Relay.Shared.Storage;

namespace Relay.Benchmarks.Stage;

/// <summary>What the sections run on: memory, and the two storage accounts of the environment if there are any.</summary>
internal sealed class BenchStorages
{
    private static readonly string[] Names = [nameof(RelayStorage), nameof(TransportStorage)];

    private BenchStorages(BenchAccounts? accounts) => Accounts = accounts;

    /// <summary>Null when the environment names none.</summary>
    public BenchAccounts? Accounts { get; }

    /// <exception cref="InvalidOperationException">A setting makes no sense.</exception>
    internal static BenchStorages FromEnvironment() => new(Array.TrueForAll(Names, IsSet) ? BenchAccounts.Open() : null);

    private static bool IsSet(string name) =>
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name))
        || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name + "__tableServiceUri"));
}

/// <summary>The storage accounts of relay and transport, every call counted, and the keys of this run.</summary>
internal sealed class BenchAccounts
{
    private readonly AzureStorageConnection _relay;
    private readonly AzureStorageConnection _transport;

    private BenchAccounts()
    {
        _relay = RelayAccounts.Connect(nameof(RelayStorage), Environment.GetEnvironmentVariable, RelayCalls);
        _transport = RelayAccounts.Connect(nameof(TransportStorage), Environment.GetEnvironmentVariable, TransportCalls);
        RelayQueues = new TakeCounter(_relay.Queues);
        TransportQueues = new TakeCounter(_transport.Queues);
        Relay = new RelayStorage(_relay.Tables, RelayQueues, _relay.Blobs);
        Transport = new TransportStorage(_transport.Tables, TransportQueues, _transport.Blobs);
    }

    public StorageCallCounter RelayCalls { get; } = new();

    public StorageCallCounter TransportCalls { get; } = new();

    public TakeCounter RelayQueues { get; }

    public TakeCounter TransportQueues { get; }

    public RelayStorage Relay { get; }

    public TransportStorage Transport { get; }

    /// <summary>All relays of a run share the tables, so also the keys that those are sealed under.</summary>
    public LocalKeyFile RelayKeys { get; } = LocalKeyFile.InMemory();

    public LocalKeyFile TransportKeys { get; } = LocalKeyFile.InMemory();

    /// <summary>Requests to both so far, retries and idle polls included.</summary>
    public long Requests => new[] { RelayCalls, TransportCalls }.Sum(counter => counter.Snapshot().Values.Sum(calls => calls.Attempts));

    internal static BenchAccounts Open() => new();

    /// <summary>Throws away what accepting alone has left: the emulator's queues slow down with their backlog.</summary>
    internal async Task ClearQueuesAsync(CancellationToken cancellationToken)
    {
        foreach (string queue in QueueNames.OfRelay)
        {
            await _relay.QueueService.GetQueueClient(queue).ClearMessagesAsync(cancellationToken);
        }

        foreach (string queue in QueueNames.OfTransport)
        {
            await _transport.QueueService.GetQueueClient(queue).ClearMessagesAsync(cancellationToken);
        }
    }
}
