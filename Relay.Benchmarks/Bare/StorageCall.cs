using Relay.Shared.Storage;

namespace Relay.Benchmarks.Bare;

/// <summary>Whose storage account.</summary>
internal enum Account
{
    Relay,
    Transport,
}

/// <summary>One call to a storage account, as it was made while a message went all the way.</summary>
internal abstract record StorageCall(Account Account);

internal sealed record TableGet(Account Account, string Table, string Partition, string Row) : StorageCall(Account);

internal sealed record TableQuery(Account Account, string Table, TableRange Range) : StorageCall(Account);

internal sealed record TableCommit(Account Account, string Table, string Partition, IReadOnlyList<TableWrite> Writes) : StorageCall(Account);

internal sealed record QueuePut(Account Account, string Queue, string Body) : StorageCall(Account);

/// <summary>A take that brought something; under load one brings up to 32.</summary>
internal sealed record QueueTake(Account Account, string Queue) : StorageCall(Account);

internal sealed record QueueDelete(Account Account, string Queue) : StorageCall(Account);
