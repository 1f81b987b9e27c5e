namespace Relay.Shared.Storage;

/// <summary>A row as read: its keys, its ETag and its columns (string, int, long, bool, DateTimeOffset, byte[]).</summary>
public sealed class TableRow(string partitionKey, string rowKey, string etag, IReadOnlyDictionary<string, object> columns)
{
    public string PartitionKey { get; } = partitionKey;

    public string RowKey { get; } = rowKey;

    public string ETag { get; } = etag;

    public IReadOnlyDictionary<string, object> Columns { get; } = columns;

    /// <summary>A column's value.</summary>
    /// <exception cref="InvalidDataException">The column is absent or of another type.</exception>
    public T Get<T>(string column) => Columns.TryGetValue(column, out object? value) && value is T typed
        ? typed
        : throw new InvalidDataException($"Column '{column}' is missing or has another type.");

    /// <summary>A column's value, or <paramref name="otherwise"/> when it is absent.</summary>
    public T Get<T>(string column, T otherwise) => Columns.TryGetValue(column, out object? value) && value is T typed ? typed : otherwise;
}
