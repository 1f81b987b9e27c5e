using Relay.Fuzz.Judging;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;

namespace Relay.Fuzz.Scene;

/// <summary>A storage account in memory that notes its writes and can be copied while its queues are empty.</summary>
internal sealed class StoredAccount
{
    private readonly MemoryTableStore _tables = new();
    private readonly MemoryBlobStore _blobs;
    private readonly MemoryQueueStore _queues;

    public StoredAccount(TimeProvider time, WriteLog log, MemoryBlobStore? blobs = null)
    {
        _blobs = blobs ?? new MemoryBlobStore();
        _queues = new MemoryQueueStore(time);
        Tables = new LoggedTables(_tables, log);
        Queues = new LoggedQueues(_queues, log);
        Blobs = new LoggedBlobs(_blobs, log);
    }

    public LoggedTables Tables { get; }

    public LoggedQueues Queues { get; }

    public LoggedBlobs Blobs { get; }

    /// <summary>The same rows and files somewhere else.</summary>
    public async Task<StoredAccount> CopyAsync(TimeProvider time, WriteLog log, CancellationToken cancellationToken)
    {
        StoredAccount copy = new(time, log, _blobs.Copy());
        foreach ((string table, TableRow row) in _tables.Everything())
        {
            await copy._tables.EnsureTablesAsync([table], cancellationToken);
            await copy._tables.CommitAsync(table, row.PartitionKey, [TableWrite.Upsert(row.RowKey, row.Columns)], cancellationToken);
        }

        return copy;
    }
}
