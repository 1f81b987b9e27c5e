using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Relay.Shared.Storage;

namespace Relay.Shared.Azure;

/// <summary>Reads across partitions, for people who look at what lies at rest. Nothing that serves a request may use it.</summary>
public static class AzureTableSurvey
{
    /// <summary>The first rows of a table, whatever their partition.</summary>
    public static async IAsyncEnumerable<TableRow> SurveyAsync(
        this AzureStorageConnection account, string table, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int left = limit;
        await foreach (TableEntity entity in account.TableService.GetTableClient(table).QueryAsync<TableEntity>(cancellationToken: cancellationToken))
        {
            if (left-- <= 0)
            {
                yield break;
            }

            yield return AzureTableEntity.ToRow(entity);
        }
    }
}
