namespace Relay.Shared.Storage;

/// <summary>The relay's storage account. The transport never holds one.</summary>
public sealed record RelayStorage(ITableStore Tables, IQueueStore Queues);

/// <summary>The transport's storage account. The relay never holds one.</summary>
public sealed record TransportStorage(ITableStore Tables, IQueueStore Queues);
