using Azure;
using Azure.Data.Tables;
using Relay.Shared.Storage;

namespace Relay.Shared.Azure;

/// <summary>Rows and writes as the SDK's entities, and ranges as OData.</summary>
internal static class AzureTableEntity
{
    public static TableEntity ToEntity(string partitionKey, TableWrite write)
    {
        TableEntity entity = new(partitionKey, write.RowKey);
        foreach ((string name, object value) in write.Columns)
        {
            entity.Add(name, value);
        }

        return entity;
    }

    public static TableTransactionAction ToAction(string partitionKey, TableWrite write) => new(
        write.Kind switch
        {
            TableWriteKind.Insert => TableTransactionActionType.Add,
            TableWriteKind.Replace => TableTransactionActionType.UpdateReplace,
            TableWriteKind.Merge => TableTransactionActionType.UpdateMerge,
            TableWriteKind.Upsert => TableTransactionActionType.UpsertReplace,
            TableWriteKind.Delete => TableTransactionActionType.Delete,
            _ => throw new ArgumentOutOfRangeException(nameof(write)),
        },
        ToEntity(partitionKey, write),
        ToETag(write.ETag));

    public static TableRow ToRow(TableEntity entity)
    {
        Dictionary<string, object> columns = new(entity.Count, StringComparer.Ordinal);
        foreach ((string name, object? value) in entity)
        {
            // Our column names have no dot, so what has one is the service's.
            if (value is not null && name is not ("PartitionKey" or "RowKey" or "Timestamp") && !name.Contains('.', StringComparison.Ordinal))
            {
                columns.Add(name, value);
            }
        }

        return new TableRow(entity.PartitionKey, entity.RowKey, entity.ETag.ToString(), columns);
    }

    public static ETag ToETag(string? etag) => etag is null ? ETag.All : new ETag(etag);

    /// <summary>Texts are quoted by the SDK's own formatter.</summary>
    public static string Filter(TableRange range) => (range.FromRowKey, range.BeforeRowKey) switch
    {
        (null, null) => TableClient.CreateQueryFilter($"PartitionKey eq {range.PartitionKey}"),
        ({ } from, null) => TableClient.CreateQueryFilter($"PartitionKey eq {range.PartitionKey} and RowKey ge {from}"),
        (null, { } before) => TableClient.CreateQueryFilter($"PartitionKey eq {range.PartitionKey} and RowKey lt {before}"),
        ({ } from, { } before) =>
            TableClient.CreateQueryFilter($"PartitionKey eq {range.PartitionKey} and RowKey ge {from} and RowKey lt {before}"),
    };
}
