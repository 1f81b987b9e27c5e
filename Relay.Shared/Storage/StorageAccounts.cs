namespace Relay.Shared.Storage;

/// <summary>The relay's storage account, or the manager's part of it. The transport never holds one.</summary>
public sealed record RelayStorage(ITableStore Tables, IQueueStore Queues, IBlobStore Blobs)
{
    private bool IsManagers { get; init; }

    /// <summary>What the manager may touch of it: <see cref="TableNames.Managed"/>, and sending to <see cref="QueueNames.Managed"/>.</summary>
    public RelayStorage ForManager() =>
        new(new ScopedTables(Tables, TableNames.Managed), new SendOnlyQueues(Queues, QueueNames.Managed), new NoBlobs()) { IsManagers = true };

    /// <summary>Creates what is missing: local runs only.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        await Tables.EnsureTablesAsync(IsManagers ? TableNames.Managed : TableNames.OfRelay, cancellationToken);
        await Queues.EnsureQueuesAsync(IsManagers ? QueueNames.Managed : QueueNames.OfRelay, cancellationToken);
        await Blobs.EnsureContainersAsync(IsManagers ? [] : ContainerNames.OfRelay, cancellationToken);
    }
}

/// <summary>The business manager's storage account: who may do what, and which region a business's numbers are in. No other role holds one.</summary>
public sealed record ManagerStorage(ITableStore Tables)
{
    /// <summary>Creates what is missing: local runs only.</summary>
    public Task EnsureAsync(CancellationToken cancellationToken) => Tables.EnsureTablesAsync(TableNames.OfManager, cancellationToken);
}

/// <summary>The transport's storage account. The relay never holds one.</summary>
public sealed record TransportStorage(ITableStore Tables, IQueueStore Queues, IBlobStore Blobs)
{
    /// <summary>Creates what is missing: local runs only.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        await Tables.EnsureTablesAsync(TableNames.OfTransport, cancellationToken);
        await Queues.EnsureQueuesAsync(QueueNames.OfTransport, cancellationToken);
        await Blobs.EnsureContainersAsync(ContainerNames.OfTransport, cancellationToken);
    }
}
