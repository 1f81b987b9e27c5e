using Relay.Shared.Billing;
using Relay.Shared.Conversations;
using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Maintenance;

/// <summary>
/// Deletes a conversation's rows of dead days. The session goes with its own day, guarded by its ETag (a message written in the
/// meantime keeps it); when nothing but it was left, the lookup row goes too.
/// </summary>
public sealed class ConversationSweep(ITableStore tables, LookupStore lookup, KeepUsage usage)
{
    private const int MaxRows = 50_000;

    /// <summary>
    /// Says which lookup row leads here while no living row does: written before the rows that said so are deleted, deleted after
    /// the lookup row. So neither a crash in between nor a row that outlives the session makes the number stay for ever.
    /// </summary>
    private const string NoteRow = ConversationDeletion.NoteRow;

    /// <summary>What is to be deleted of a conversation; nothing is deleted yet.</summary>
    internal async Task<DeadRows> LookAsync(ConversationKey key, UtcDay firstLive, CancellationToken cancellationToken)
    {
        DeadRows found = new(key);
        UtcDay newest = firstLive.AddDays(-1);
        bool knowsLookup = false;
        int seen = 0;
        await foreach (TableRow row in tables.QueryAsync(
            TableNames.Conversations, TableRange.Partition(key.Partition, MaxRows), cancellationToken))
        {
            seen++;
            string? leads = row.Get(SessionRow.LookupColumn, string.Empty) is { Length: > 0 } lead ? lead : null;
            found.LookupRow ??= leads;
            if (!UtcDay.TryParse(row.Get(SessionRow.DayColumn, string.Empty), out UtcDay day) || day >= firstLive)
            {
                found.IsIdle = false;
                knowsLookup |= leads is not null;
                newest = day > newest ? day : newest;
            }
            else if (row.RowKey == SessionRow.RowKey)
            {
                found.Session = TableWrite.Delete(row.RowKey, row.ETag);
                found.Count(day);
            }
            else
            {
                found.Rows.Add(TableWrite.Delete(row.RowKey, null));
                found.NeverLeft += OutboundRow.TryReadId(row.RowKey, out _) && OutboundRow.IsToLeave(row) ? 1 : 0;
                found.Counted.AddRange(CountedMessage.Of(row));
                if (row.RowKey != NoteRow)
                {
                    found.Count(day);
                }
            }
        }

        found.IsCut = seen == MaxRows;
        if (found.LookupRow is not null && !knowsLookup)
        {
            found.Rows.RemoveAll(write => write.RowKey == NoteRow);
            found.Note = TableWrite.Upsert(
                NoteRow, new Dictionary<string, object> { [SessionRow.DayColumn] = newest.Key, [SessionRow.LookupColumn] = found.LookupRow });
        }

        return found;
    }

    /// <summary>Deletes what <see cref="LookAsync"/> found.</summary>
    internal async Task DeleteAsync(DeadRows found, CancellationToken cancellationToken)
    {
        ConversationKey key = found.Key;
        await usage.ExecuteAsync(key.Business, found.Counted, cancellationToken);
        if (await DeleteAsync(key, found.Note, found.Rows, found.Session, cancellationToken) && found is { IsIdle: true, IsCut: false, LookupRow: { } lookupRow })
        {
            await ForgetNumberAsync(key, lookupRow, cancellationToken);
            await tables.CommitAsync(TableNames.Conversations, key.Partition, [TableWrite.Delete(NoteRow, null)], cancellationToken);
        }
    }

    /// <summary>
    /// In one transaction where all of it fits and nobody was quicker; else the note, the rows and the session in this order. False: the session has
    /// changed, so it lives.
    /// </summary>
    private async Task<bool> DeleteAsync(
        ConversationKey key, TableWrite? note, List<TableWrite> dead, TableWrite? session, CancellationToken cancellationToken)
    {
        TableWrite[] all = [.. Some(note), .. dead, .. Some(session)];
        if (all.Length == 0
            || (all.Length <= TableLimits.MaxWritesPerCommit
                && (await tables.CommitAsync(TableNames.Conversations, key.Partition, all, cancellationToken)).IsSaved))
        {
            return true;
        }

        if (note is not null)
        {
            await tables.CommitAsync(TableNames.Conversations, key.Partition, [note], cancellationToken);
        }

        await tables.DeleteAsync(TableNames.Conversations, key.Partition, dead, cancellationToken);
        return session is null || (await tables.CommitAsync(TableNames.Conversations, key.Partition, [session], cancellationToken)).IsSaved;
    }

    private static IEnumerable<TableWrite> Some(TableWrite? write) => write is null ? [] : [write];

    /// <summary>A session that came back between the two deletions gets its lookup row back.</summary>
    private async Task ForgetNumberAsync(ConversationKey key, string lookupRow, CancellationToken cancellationToken)
    {
        foreach (string row in lookupRow.Split(ConversationDeletion.Separator))
        {
            await lookup.DeleteAsync(key.Business, row, key.Conversation, cancellationToken);
        }

        if (!lookupRow.Contains(ConversationDeletion.Separator, StringComparison.Ordinal)
            && await tables.GetAsync(TableNames.Conversations, key.Partition, SessionRow.RowKey, cancellationToken) is not null)
        {
            await lookup.RestoreAsync(key.Business, lookupRow, key.Conversation, cancellationToken);
        }
    }
}
