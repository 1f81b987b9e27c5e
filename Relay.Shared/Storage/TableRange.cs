namespace Relay.Shared.Storage;

/// <summary>
/// The rows of one partition whose row keys lie in [<paramref name="FromRowKey"/>, <paramref name="BeforeRowKey"/>), ordinal; null is unbounded.
/// At most <paramref name="Limit"/> rows are read.
/// </summary>
public sealed record TableRange(string PartitionKey, string? FromRowKey, string? BeforeRowKey, int Limit)
{
    /// <summary>All rows of a partition whose row key starts with <paramref name="prefix"/> (not empty).</summary>
    public static TableRange StartingWith(string partitionKey, string prefix, int limit) =>
        new(partitionKey, prefix, prefix[..^1] + (char)(prefix[^1] + 1), limit);

    public static TableRange Partition(string partitionKey, int limit) => new(partitionKey, null, null, limit);
}
