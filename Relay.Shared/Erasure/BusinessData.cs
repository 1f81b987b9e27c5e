using Relay.Shared.Conversations;
using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Conversations.Walking;
using Relay.Shared.Media;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Erasure;

/// <summary>Every row that a business has, found by its own partitions and by the expiry index; but what was counted, which is the operator's.</summary>
public sealed class BusinessData(ITableStore tables, ExpiryIndex expiry, ConversationDeletion conversations, LookupErasure lookups, RemoveFiles files, MediaBlobs blobs, TimeProvider time)
{
    private const int RowsPerSlice = 5_000;
    private const int ConversationsPerList = 100;
    private const int RowsAtOnce = 1_000;

    private static readonly string[] s_own = [TableNames.Subscriptions, TableNames.Idempotency, TableNames.Parked, TableNames.Details, TableNames.Templates, TableNames.Blocks];

    internal async Task RevokeTokensAsync(BusinessId business, CancellationToken cancellationToken)
    {
        while (await DeletePartitionAsync(TableNames.Tokens, business.Value, cancellationToken) == RowsPerSlice)
        {
        }
    }

    /// <summary>Deletes a slice of all but the business's own row; true when nothing was left.</summary>
    internal async Task<bool> DeleteAsync(BusinessId business, CancellationToken cancellationToken)
    {
        int left = RowsPerSlice - await DeleteConversationsAsync(business, cancellationToken);
        left -= await lookups.DeleteAllAsync(business, RowsPerSlice, cancellationToken);
        left -= left > 0 ? await DeleteFilesAsync(business, left, cancellationToken) : 0;
        foreach (string table in s_own)
        {
            left -= left > 0 ? await DeletePartitionAsync(table, business.Value, cancellationToken) : 0;
        }

        return left > 0 && await DeleteNumbersAsync(business, cancellationToken);
    }

    /// <summary>By their rows, and after those whatever else lies in the container for the business.</summary>
    private async Task<int> DeleteFilesAsync(BusinessId business, int limit, CancellationToken cancellationToken)
    {
        int deleted = await files.ExecuteAsync(business, TableRange.Partition(business.Value, limit), cancellationToken);
        UtcDay today = UtcDay.Today(time);
        for (int back = Retention.Days; back >= -1 && deleted < limit; back--)
        {
            deleted += await blobs.DeleteAsync(today.AddDays(-back), business, limit - deleted, cancellationToken);
        }

        return deleted;
    }

    private async Task<int> DeleteConversationsAsync(BusinessId business, CancellationToken cancellationToken)
    {
        int deleted = 0;
        UtcDay today = UtcDay.Today(time);
        for (int back = Retention.Days; back >= -1; back--)
        {
            for (int shard = 0; shard < ExpiryIndex.Shards && deleted < RowsPerSlice; shard++)
            {
                deleted += await DeleteShardAsync(business, today.AddDays(-back), shard, RowsPerSlice - deleted, cancellationToken);
            }
        }

        return deleted;
    }

    private async Task<int> DeleteShardAsync(BusinessId business, UtcDay day, int shard, int limit, CancellationToken cancellationToken)
    {
        int deleted = 0;
        while (deleted < limit)
        {
            IReadOnlyList<IndexedConversation> some = await expiry.ListAsync(business, day, shard, WalkPosition.OfShard(day, shard).Conversation, ConversationsPerList, cancellationToken);
            foreach (IndexedConversation one in some)
            {
                (int Rows, bool IsDone) part;
                await DeleteNotesAsync(one.Key, cancellationToken);
                do
                {
                    part = await conversations.DeleteAsync(one.Key, RowsAtOnce, erasedAt: null, cancellationToken);
                    deleted += part.Rows + 1;
                }
                while (!part.IsDone);
            }

            await expiry.RemoveAsync(day, shard, [.. some.Select(one => one.Key)], cancellationToken);
            if (some.Count < ConversationsPerList)
            {
                break;
            }
        }

        return deleted;
    }

    private async Task DeleteNotesAsync(ConversationKey conversation, CancellationToken cancellationToken)
    {
        while (!(await files.ExecuteAsync(conversation, cancellationToken)).IsDone)
        {
        }
    }

    private async Task<bool> DeleteNumbersAsync(BusinessId business, CancellationToken cancellationToken)
    {
        List<string> numbers = [];
        await foreach (TableRow row in tables.QueryAsync(TableNames.Numbers, TableRange.Partition(business.Value, RowsPerSlice), cancellationToken))
        {
            numbers.Add(row.RowKey);
        }

        foreach (string number in numbers)
        {
            while (await DeletePartitionAsync(TableNames.PreKeys, number, cancellationToken) == RowsPerSlice)
            {
            }

            await tables.CommitAsync(TableNames.Numbers, business.Value, [TableWrite.Delete(number, null)], cancellationToken);
        }

        return numbers.Count < RowsPerSlice;
    }

    private Task<int> DeletePartitionAsync(string table, string partition, CancellationToken cancellationToken) =>
        tables.DeleteAsync(table, TableRange.Partition(partition, RowsPerSlice), cancellationToken);
}
