using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Relay.Shared.Storage;

namespace Relay.Shared.Azure;

/// <summary>
/// Tables of a storage account. A read of one row is a point GET, a commit of one row is a plain entity operation, more rows are
/// one entity-group transaction. The SDK repeats a request whose answer was lost, so a write that had succeeded may come back as
/// <see cref="StoreOutcome.AlreadyExists"/>, <see cref="StoreOutcome.Changed"/> or (delete) <see cref="StoreOutcome.Missing"/>:
/// callers read the row again and see whether it is theirs.
/// </summary>
public sealed class AzureTableStore : ITableStore
{
    private const int PageRows = 200;
    private const string ErrorCodeHeader = "x-ms-error-code";

    private readonly TableServiceClient _service;
    private readonly ConcurrentDictionary<string, TableClient> _clients = new(StringComparer.Ordinal);

    internal AzureTableStore(TableServiceClient service) => _service = service;

    public async Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellationToken)
    {
        TableGuard.CheckKey(partitionKey);
        TableGuard.CheckKey(rowKey);
        try
        {
            NullableResponse<TableEntity> answer =
                await Client(table).GetEntityIfExistsAsync<TableEntity>(partitionKey, rowKey, select: null, cancellationToken);
            if (!answer.HasValue || answer.Value is not { } entity)
            {
                ThrowIfTableIsMissing(answer.GetRawResponse(), table);
                return null;
            }

            return AzureTableEntity.ToRow(entity);
        }
        catch (Exception e) when (AzureFault.Is(e, cancellationToken))
        {
            throw AzureFault.From(e, "table get", table);
        }
    }

    public async IAsyncEnumerable<TableRow> QueryAsync(
        string table, TableRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TableGuard.CheckRange(range);
        int left = range.Limit;
        await using IAsyncEnumerator<Page<TableEntity>> pages = Client(table)
            .QueryAsync<TableEntity>(AzureTableEntity.Filter(range), Math.Min(left, PageRows), select: null, cancellationToken)
            .AsPages()
            .GetAsyncEnumerator(cancellationToken);
        while (left > 0 && await NextAsync(pages, table, cancellationToken))
        {
            foreach (TableEntity entity in pages.Current.Values.Take(left))
            {
                left--;
                yield return AzureTableEntity.ToRow(entity);
            }
        }
    }

    public async Task<CommitResult> CommitAsync(
        string table, string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
    {
        TableGuard.CheckCommit(partitionKey, writes);
        try
        {
            if (writes is [TableWrite only])
            {
                Response answer = await WriteAsync(Client(table), partitionKey, only, cancellationToken);

                // The SDK doesn't throw when the entity to delete isn't there.
                ThrowIfTableIsMissing(answer, table);
                return answer.Status == 404 ? new CommitResult(StoreOutcome.Missing, only.RowKey) : CommitResult.Saved([NewETag(only, answer)]);
            }

            Response<IReadOnlyList<Response>> answers = await Client(table).SubmitTransactionAsync(
                writes.Select(write => AzureTableEntity.ToAction(partitionKey, write)), cancellationToken);
            return CommitResult.Saved([.. writes.Zip(answers.Value, NewETag)]);
        }
        catch (RequestFailedException e) when (Outcome(e) is not StoreOutcome.Saved && FailedRow(e, writes) is not null)
        {
            return new CommitResult(Outcome(e), FailedRow(e, writes));
        }
        catch (Exception e) when (AzureFault.Is(e, cancellationToken))
        {
            throw AzureFault.From(e, "table commit", table);
        }
    }

    public async Task EnsureTablesAsync(IReadOnlyCollection<string> tables, CancellationToken cancellationToken)
    {
        foreach (string table in tables)
        {
            TableGuard.CheckTable(table);
            try
            {
                await Client(table).CreateIfNotExistsAsync(cancellationToken);
            }
            catch (Exception e) when (AzureFault.Is(e, cancellationToken))
            {
                throw AzureFault.From(e, "table create", table);
            }
        }
    }

    private static Task<Response> WriteAsync(TableClient client, string partitionKey, TableWrite write, CancellationToken cancellationToken)
    {
        ETag etag = AzureTableEntity.ToETag(write.ETag);
        return write.Kind switch
        {
            TableWriteKind.Insert => client.AddEntityAsync(Entity(), cancellationToken),
            TableWriteKind.Replace => client.UpdateEntityAsync(Entity(), etag, TableUpdateMode.Replace, cancellationToken),
            TableWriteKind.Merge => client.UpdateEntityAsync(Entity(), etag, TableUpdateMode.Merge, cancellationToken),
            TableWriteKind.Upsert => client.UpsertEntityAsync(Entity(), TableUpdateMode.Replace, cancellationToken),
            TableWriteKind.Delete => client.DeleteEntityAsync(partitionKey, write.RowKey, etag, cancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(write)),
        };

        TableEntity Entity() => AzureTableEntity.ToEntity(partitionKey, write);
    }

    private static string? NewETag(TableWrite write, Response answer) =>
        write.Kind == TableWriteKind.Delete ? null : answer.Headers.ETag?.ToString();

    private static async Task<bool> NextAsync(IAsyncEnumerator<Page<TableEntity>> pages, string table, CancellationToken cancellationToken)
    {
        try
        {
            return await pages.MoveNextAsync();
        }
        catch (Exception e) when (AzureFault.Is(e, cancellationToken))
        {
            throw AzureFault.From(e, "table query", table);
        }
    }

    /// <summary>Saved here means: not the end of a race but a fault.</summary>
    private static StoreOutcome Outcome(RequestFailedException failure) => (failure.Status, failure.ErrorCode) switch
    {
        (409, "EntityAlreadyExists") => StoreOutcome.AlreadyExists,
        (412, _) => StoreOutcome.Changed,
        (404, "ResourceNotFound" or "EntityNotFound") => StoreOutcome.Missing,
        _ => StoreOutcome.Saved,
    };

    private static string? FailedRow(RequestFailedException failure, IReadOnlyList<TableWrite> writes) => failure switch
    {
        TableTransactionFailedException { FailedTransactionActionIndex: { } index } when index >= 0 && index < writes.Count => writes[index].RowKey,
        _ => writes.Count == 1 ? writes[0].RowKey : null,
    };

    private static void ThrowIfTableIsMissing(Response answer, string table)
    {
        if (answer.Status == 404 && answer.Headers.TryGetValue(ErrorCodeHeader, out string? code) && code == "TableNotFound")
        {
            throw new StorageFaultException("table call", table, answer.Status, code);
        }
    }

    private TableClient Client(string table) => _clients.GetOrAdd(table, static (name, service) => service.GetTableClient(name), _service);
}
