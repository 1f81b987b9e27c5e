using Relay.Shared.Billing;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Conversations;

/// <summary>
/// Deletes all of a conversation before its time. The session goes first: what is being encrypted or decrypted meanwhile can't be saved any more, and
/// what comes later asks whether it may begin anew.
/// </summary>
public sealed class ConversationDeletion(ITableStore tables, ExpiryIndex expiry, KeepUsage usage, TimeProvider time)
{
    /// <summary>The row that remembers which lookup rows led here, until its day dies (<c>ConversationSweep</c>).</summary>
    internal const string NoteRow = "L";

    private const int RowsAtOnce = 1_000;

    /// <summary>Between references in <see cref="SessionRow.LookupColumn"/>.</summary>
    internal const char Separator = ',';

    /// <summary>Deletes rows, at most about <paramref name="limit"/>; says how many, and whether all are gone.</summary>
    /// <param name="key">The conversation.</param>
    /// <param name="limit">About how many rows at most.</param>
    /// <param name="erasedAt">The erasure: its note stays, and so does how what was accepted after it failed. Null when nothing is to stay.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async Task<(int Rows, bool IsDone)> DeleteAsync(ConversationKey key, int limit, DateTimeOffset? erasedAt, CancellationToken cancellationToken)
    {
        int deleted = (await tables.CommitAsync(
            TableNames.Conversations, key.Partition, [TableWrite.Delete(SessionRow.RowKey, null)], cancellationToken)).IsSaved ? 1 : 0;
        List<TableWrite> deletes = [];
        List<CountedMessage> counted = [];
        bool isDone = true;
        await foreach (TableRow row in tables.QueryAsync(
            TableNames.Conversations, TableRange.Partition(key.Partition, limit + 1), cancellationToken))
        {
            isDone = deletes.Count < limit;
            if (isDone && !(erasedAt is { } at && (row.RowKey == NoteRow || RowTime.IsAcceptedAfter(row, at))))
            {
                deletes.Add(TableWrite.Delete(row.RowKey, null));
                counted.AddRange(CountedMessage.Of(row));
            }
        }

        await usage.ExecuteAsync(key.Business, counted, cancellationToken);
        await tables.DeleteAsync(TableNames.Conversations, key.Partition, deletes, cancellationToken);
        return (deleted + deletes.Count, isDone);
    }

    /// <summary>Deletes all of a conversation that nobody can begin anew but its note and what came after <paramref name="erasedAt"/>.</summary>
    internal async Task DeleteAllAsync(ConversationKey key, DateTimeOffset? erasedAt, CancellationToken cancellationToken)
    {
        while (!(await DeleteAsync(key, RowsAtOnce, erasedAt ?? DateTimeOffset.MaxValue, cancellationToken)).IsDone)
        {
        }
    }

    /// <summary>The same, and a user's message that was just committed there is uncounted: it is dealt with anew.</summary>
    internal async Task TakeBackAsync(ConversationKey key, string row, DateTimeOffset? erasedAt, CancellationToken cancellationToken)
    {
        if (await tables.GetAsync(TableNames.Conversations, key.Partition, row, cancellationToken) is { } committed)
        {
            usage.TakeBack(key.Business, CountedMessage.Of(committed));
            await tables.CommitAsync(TableNames.Conversations, key.Partition, [TableWrite.Delete(row, null)], cancellationToken);
        }

        await DeleteAllAsync(key, erasedAt, cancellationToken);
    }

    /// <summary>
    /// Leaves a note of the lookup rows that led here, so that they go with today, and takes the conversation out of the index of all other days.
    /// </summary>
    internal async Task NoteAsync(ConversationKey key, PhoneNumberId number, IReadOnlyList<string> lookupRows, CancellationToken cancellationToken)
    {
        UtcDay today = UtcDay.Today(time);
        await expiry.NoteAsync(key, number, today, cancellationToken);
        Dictionary<string, object> note = new()
        {
            [SessionRow.DayColumn] = today.Key,
            [SessionRow.LookupColumn] = string.Join(Separator, lookupRows),
        };
        await tables.CommitAsync(TableNames.Conversations, key.Partition, [TableWrite.Upsert(NoteRow, note)], cancellationToken);
        await expiry.ForgetBeforeAsync(key, today, cancellationToken);
    }
}
