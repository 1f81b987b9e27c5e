namespace Relay.Shared.Storage.Memory;

/// <summary>A stored row. Never changed after it was made, so it may be read without a lock.</summary>
internal sealed record MemoryRow(string RowKey, string ETag, IReadOnlyDictionary<string, object> Columns)
{
    public TableRow Read(string partitionKey) => new(partitionKey, RowKey, ETag, MemoryColumns.Copy(Columns));
}
