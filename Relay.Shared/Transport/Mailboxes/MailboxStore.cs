using System.Runtime.CompilerServices;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Numbers;

namespace Relay.Shared.Transport.Mailboxes;

/// <summary>
/// Table <c>mailbox</c>, a partition per recipient. Row <c>M:…</c> is an envelope that waits, row <c>I:{tag}</c> says that an
/// envelope of that sender and id was taken. Promise: both are inserted in one transaction, so a sender's repeat, however late
/// and however often, adds nothing as long as the <c>I</c> row lives, which is to the end of its day's retention and not only
/// until the acknowledgement. Envelopes are read in the order of arrival, never past their retention.
/// </summary>
public sealed class MailboxStore(TransportStorage storage, TimeProvider time)
{
    private const int MaxRemoveRaces = 4;

    private const string TakenPrefix = "I:";

    private const string SealedColumn = "envelope";
    private const string TypeColumn = "type";
    private const string TimeColumn = "time";
    private const string DayColumn = "day";
    private const string AttemptColumn = "attempt";
    private const string DueColumn = "due";
    private const string HandleColumn = "handle";

    /// <summary>Adds an envelope; false when this tag was added before, and then nothing was written.</summary>
    internal async Task<bool> AddAsync(MailboxEntry entry, string tag, CancellationToken cancellationToken)
    {
        Dictionary<string, object> envelope = new()
        {
            [SealedColumn] = entry.Sealed,
            [TypeColumn] = entry.Type,
            [TimeColumn] = entry.Time,
            [DayColumn] = entry.Day.Key,
        };
        Dictionary<string, object> taken = new() { [HandleColumn] = entry.Handle, [DayColumn] = entry.Day.Key };
        CommitResult result = await CommitAsync(
            entry.Recipient, [TableWrite.Insert(entry.Handle, envelope), TableWrite.Insert(TakenPrefix + tag, taken)], cancellationToken);
        return result.IsSaved;
    }

    internal async Task<MailboxEntry?> FindAsync(NumberHash recipient, string handle, CancellationToken cancellationToken) =>
        await storage.Tables.GetAsync(TableNames.Mailbox, recipient.Hex, handle, cancellationToken) is { } row ? Read(recipient, row) : null;

    /// <summary>The envelope that was added with a tag, if it still waits.</summary>
    internal async Task<MailboxEntry?> FindByTagAsync(NumberHash recipient, string tag, CancellationToken cancellationToken) =>
        await storage.Tables.GetAsync(TableNames.Mailbox, recipient.Hex, TakenPrefix + tag, cancellationToken) is { } row
            ? await FindAsync(recipient, row.Get<string>(HandleColumn), cancellationToken)
            : null;

    /// <summary>At most <paramref name="limit"/> envelopes that may still be read, oldest first.</summary>
    internal async IAsyncEnumerable<MailboxEntry> ReadAsync(
        NumberHash recipient, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TableRange live = TableRange.StartingWith(recipient.Hex, EnvelopeHandle.Prefix, limit) with
        {
            FromRowKey = EnvelopeHandle.From(StartOf(Retention.FirstLiveDay(UtcDay.Today(time)))),
        };
        await foreach (TableRow row in storage.Tables.QueryAsync(TableNames.Mailbox, live, cancellationToken))
        {
            yield return Read(recipient, row);
        }
    }

    /// <summary>Removes envelopes (1 to 100 distinct handles); those that are gone already are no error. Says how many it removed.</summary>
    internal async Task<int> RemoveAsync(NumberHash recipient, IReadOnlyCollection<string> handles, CancellationToken cancellationToken)
    {
        List<string> left = [.. handles];
        for (int race = 0; race < MaxRemoveRaces && left.Count > 0; race++)
        {
            if ((await CommitAsync(recipient, [.. left.Select(handle => TableWrite.Delete(handle, null))], cancellationToken)).IsSaved)
            {
                return left.Count;
            }

            left = await WhichExistAsync(recipient, left, cancellationToken);
        }

        int removed = 0;
        foreach (string handle in left)
        {
            removed += (await CommitAsync(recipient, [TableWrite.Delete(handle, null)], cancellationToken)).IsSaved ? 1 : 0;
        }

        return removed;
    }

    /// <summary>Says when an envelope is to be pushed next, and thereby ends every other plan for it. False: somebody else did, or it is gone.</summary>
    internal async Task<bool> PlanAsync(MailboxEntry entry, int attempt, DateTimeOffset due, CancellationToken cancellationToken)
    {
        Dictionary<string, object> plan = new() { [AttemptColumn] = attempt, [DueColumn] = due };
        return (await CommitAsync(entry.Recipient, [TableWrite.Merge(entry.Handle, entry.ETag, plan)], cancellationToken)).IsSaved;
    }

    /// <summary>Deletes what was taken on or before a day: envelopes by their order, marks by their day.</summary>
    internal async Task DeleteThroughAsync(NumberHash recipient, UtcDay day, CancellationToken cancellationToken)
    {
        TableRange envelopes = new(recipient.Hex, EnvelopeHandle.Prefix, EnvelopeHandle.From(StartOf(day.AddDays(1))), int.MaxValue);
        await DeleteAsync(recipient, envelopes, static _ => true, cancellationToken);

        TableRange marks = TableRange.StartingWith(recipient.Hex, TakenPrefix, int.MaxValue);
        await DeleteAsync(recipient, marks, row => !UtcDay.TryParse(row.Get<string>(DayColumn), out UtcDay of) || of <= day, cancellationToken);
    }

    private static DateTimeOffset StartOf(UtcDay day) => new(day.Date, TimeOnly.MinValue, TimeSpan.Zero);

    private static MailboxEntry Read(NumberHash recipient, TableRow row)
    {
        DateTimeOffset taken = row.Get<DateTimeOffset>(TimeColumn);
        return new MailboxEntry
        {
            Recipient = recipient,
            Handle = row.RowKey,
            ETag = row.ETag,
            Type = row.Get<string>(TypeColumn),
            Time = taken,
            Day = UtcDay.TryParse(row.Get<string>(DayColumn), out UtcDay day) ? day : throw new InvalidDataException("An envelope has no day."),
            Sealed = row.Get<byte[]>(SealedColumn),
            Attempt = row.Get(AttemptColumn, 0),
            Due = row.Get(DueColumn, taken),
        };
    }

    private async Task<List<string>> WhichExistAsync(NumberHash recipient, List<string> handles, CancellationToken cancellationToken)
    {
        List<string> existing = [];
        foreach (string handle in handles)
        {
            if (await storage.Tables.GetAsync(TableNames.Mailbox, recipient.Hex, handle, cancellationToken) is not null)
            {
                existing.Add(handle);
            }
        }

        return existing;
    }

    private async Task DeleteAsync(NumberHash recipient, TableRange range, Func<TableRow, bool> which, CancellationToken cancellationToken)
    {
        await foreach (TableRow row in storage.Tables.QueryAsync(TableNames.Mailbox, range, cancellationToken))
        {
            if (which(row))
            {
                await CommitAsync(recipient, [TableWrite.Delete(row.RowKey, null)], cancellationToken);
            }
        }
    }

    private Task<CommitResult> CommitAsync(NumberHash recipient, List<TableWrite> writes, CancellationToken cancellationToken) =>
        storage.Tables.CommitAsync(TableNames.Mailbox, recipient.Hex, writes, cancellationToken);
}
