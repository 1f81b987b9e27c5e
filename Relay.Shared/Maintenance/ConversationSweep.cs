using Relay.Shared.Conversations;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Maintenance;

/// <summary>
/// Deletes a conversation's rows of dead days. The session goes with its own day, guarded by its ETag (a message written in the
/// meantime keeps it); when nothing but it was left, the lookup row goes too.
/// </summary>
public sealed class ConversationSweep(ITableStore tables, LookupStore lookup)
{
    private const int MaxRows = 50_000;

    /// <summary>
    /// Says which lookup row leads here while no living row does: written before the rows that said so are deleted, deleted after
    /// the lookup row. So neither a crash in between nor a row that outlives the session makes the number stay for ever.
    /// </summary>
    private const string NoteRow = "L";

    public async Task ExecuteAsync(ConversationKey key, UtcDay firstLive, CancellationToken cancellationToken)
    {
        List<TableWrite> dead = [];
        string? lookupRow = null;
        TableWrite? session = null;
        UtcDay newest = firstLive.AddDays(-1);
        bool knowsLookup = false;
        bool idle = true;
        await foreach (TableRow row in tables.QueryAsync(
            TableNames.Conversations, TableRange.Partition(key.Partition, MaxRows), cancellationToken))
        {
            string? leads = row.Get(SessionRow.LookupColumn, string.Empty) is { Length: > 0 } found ? found : null;
            lookupRow ??= leads;
            if (!UtcDay.TryParse(row.Get(SessionRow.DayColumn, string.Empty), out UtcDay day) || day >= firstLive)
            {
                idle = false;
                knowsLookup |= leads is not null;
                newest = day > newest ? day : newest;
            }
            else if (row.RowKey == SessionRow.RowKey)
            {
                session = TableWrite.Delete(row.RowKey, row.ETag);
            }
            else
            {
                dead.Add(TableWrite.Delete(row.RowKey, null));
            }
        }

        if (lookupRow is not null && !knowsLookup)
        {
            dead.RemoveAll(write => write.RowKey == NoteRow);
            Dictionary<string, object> note = new() { [SessionRow.DayColumn] = newest.Key, [SessionRow.LookupColumn] = lookupRow };
            await tables.CommitAsync(TableNames.Conversations, key.Partition, [TableWrite.Upsert(NoteRow, note)], cancellationToken);
        }

        foreach (TableWrite[] batch in dead.Chunk(TableLimits.MaxWritesPerCommit))
        {
            await DeleteAsync(key, batch, cancellationToken);
        }

        if (session is not null && !(await tables.CommitAsync(TableNames.Conversations, key.Partition, [session], cancellationToken)).IsSaved)
        {
            return;
        }

        if (idle && lookupRow is not null)
        {
            await ForgetNumberAsync(key, lookupRow, cancellationToken);
            await tables.CommitAsync(TableNames.Conversations, key.Partition, [TableWrite.Delete(NoteRow, null)], cancellationToken);
        }
    }

    /// <summary>A session that came back between the two deletions gets its lookup row back.</summary>
    private async Task ForgetNumberAsync(ConversationKey key, string lookupRow, CancellationToken cancellationToken)
    {
        await lookup.DeleteAsync(key.Business, lookupRow, key.Conversation, cancellationToken);
        if (await tables.GetAsync(TableNames.Conversations, key.Partition, SessionRow.RowKey, cancellationToken) is not null)
        {
            await lookup.EnsureAsync(key.Business, lookupRow, key.Conversation, cancellationToken);
        }
    }

    private async Task DeleteAsync(ConversationKey key, TableWrite[] batch, CancellationToken cancellationToken)
    {
        if ((await tables.CommitAsync(TableNames.Conversations, key.Partition, batch, cancellationToken)).IsSaved)
        {
            return;
        }

        // A concurrent run was quicker with some of them: one by one, a missing row is as good as a deleted one.
        foreach (TableWrite delete in batch)
        {
            await tables.CommitAsync(TableNames.Conversations, key.Partition, [delete], cancellationToken);
        }
    }
}
