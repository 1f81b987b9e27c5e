namespace Relay.Shared.Storage;

/// <summary>What a write does to its row.</summary>
public enum TableWriteKind
{
    /// <summary>Fails with <see cref="StoreOutcome.AlreadyExists"/> if the row is there.</summary>
    Insert,

    /// <summary>Replaces the whole row, if its ETag is still the one given.</summary>
    Replace,

    /// <summary>Sets the given columns and keeps the others; fails with <see cref="StoreOutcome.Missing"/> if there is no row.</summary>
    Merge,

    /// <summary>Inserts or replaces, unconditionally.</summary>
    Upsert,

    /// <summary>Deletes; fails with <see cref="StoreOutcome.Missing"/> if there is no row.</summary>
    Delete,
}

/// <summary>One row's part in a commit. ETag null means unconditional (the service's <c>*</c>).</summary>
public sealed class TableWrite
{
    private static readonly IReadOnlyDictionary<string, object> NoColumns = new Dictionary<string, object>();

    private TableWrite(TableWriteKind kind, string rowKey, string? etag, IReadOnlyDictionary<string, object> columns)
    {
        ArgumentException.ThrowIfNullOrEmpty(rowKey);
        Kind = kind;
        RowKey = rowKey;
        ETag = etag;
        Columns = columns;
    }

    public TableWriteKind Kind { get; }

    public string RowKey { get; }

    public string? ETag { get; }

    public IReadOnlyDictionary<string, object> Columns { get; }

    public static TableWrite Insert(string rowKey, IReadOnlyDictionary<string, object> columns) => new(TableWriteKind.Insert, rowKey, null, columns);

    public static TableWrite Replace(string rowKey, string etag, IReadOnlyDictionary<string, object> columns) => new(TableWriteKind.Replace, rowKey, etag, columns);

    public static TableWrite Merge(string rowKey, string? etag, IReadOnlyDictionary<string, object> columns) => new(TableWriteKind.Merge, rowKey, etag, columns);

    public static TableWrite Upsert(string rowKey, IReadOnlyDictionary<string, object> columns) => new(TableWriteKind.Upsert, rowKey, null, columns);

    /// <summary>The same write with one column more.</summary>
    internal TableWrite With(string column, object value) => new(Kind, RowKey, ETag, new Dictionary<string, object>(Columns) { [column] = value });

    public static TableWrite Delete(string rowKey, string? etag) => new(TableWriteKind.Delete, rowKey, etag, NoColumns);
}
