using System.Runtime.CompilerServices;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Transport.Mailboxes;

/// <summary>
/// Tables <c>mailbox</c> and <c>pushes</c> (<see cref="Mailbox"/>). Row <c>M:…</c> is an envelope that waits, row <c>I:{tag}</c> says that an
/// envelope of that sender and id was taken. Promise: both are inserted in one transaction, so a sender's repeat, however late
/// and however often, adds nothing as long as the <c>I</c> row lives, which is to the end of its day's retention and not only
/// until the acknowledgement. Envelopes are read in the order of arrival, never past their retention.
/// </summary>
public sealed class MailboxStore(TransportStorage storage, TimeProvider time)
{
    private const int MaxRemoveRaces = 4;
    private const int MaxDeleted = 10_000;

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
        CommitResult result = await CommitAsync(
            entry.Mailbox, [TableWrite.Insert(entry.Handle, Columns(entry)), TableWrite.Insert(TakenPrefix + tag, Mark(entry))], cancellationToken);
        return result.IsSaved;
    }

    /// <summary>Adds an envelope that was taken elsewhere, whether or not it was ever here before. Changes nothing when it is here.</summary>
    internal Task PutAsync(MailboxEntry entry, string tag, CancellationToken cancellationToken) => CommitAsync(
        entry.Mailbox, [TableWrite.Insert(entry.Handle, Columns(entry)), TableWrite.Upsert(TakenPrefix + tag, Mark(entry))], cancellationToken);

    internal async Task<MailboxEntry?> FindAsync(Mailbox mailbox, string handle, CancellationToken cancellationToken) =>
        await storage.Tables.GetAsync(mailbox.Table, mailbox.Partition, handle, cancellationToken) is { } row ? Read(mailbox, row) : null;

    /// <summary>The envelope that was added with a tag, if it still waits.</summary>
    internal async Task<MailboxEntry?> FindByTagAsync(Mailbox mailbox, string tag, CancellationToken cancellationToken) =>
        await storage.Tables.GetAsync(mailbox.Table, mailbox.Partition, TakenPrefix + tag, cancellationToken) is { } row
            ? await FindAsync(mailbox, row.Get<string>(HandleColumn), cancellationToken)
            : null;

    /// <summary>Whether an envelope was added with a tag, waiting or not.</summary>
    internal async Task<bool> WasTakenAsync(Mailbox mailbox, string tag, CancellationToken cancellationToken) =>
        await storage.Tables.GetAsync(mailbox.Table, mailbox.Partition, TakenPrefix + tag, cancellationToken) is not null;

    /// <summary>At most <paramref name="limit"/> envelopes that may still be read, oldest first.</summary>
    internal async IAsyncEnumerable<MailboxEntry> ReadAsync(
        Mailbox mailbox, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TableRange live = TableRange.StartingWith(mailbox.Partition, EnvelopeHandle.Prefix, limit) with
        {
            FromRowKey = EnvelopeHandle.From(StartOf(Retention.FirstLiveDay(UtcDay.Today(time)))),
        };
        await foreach (TableRow row in storage.Tables.QueryAsync(mailbox.Table, live, cancellationToken))
        {
            yield return Read(mailbox, row);
        }
    }

    /// <summary>Removes envelopes (1 to 100 distinct handles); those that are gone already are no error. Says how many it removed.</summary>
    internal async Task<int> RemoveAsync(Mailbox mailbox, IReadOnlyCollection<string> handles, CancellationToken cancellationToken)
    {
        List<string> left = [.. handles];
        for (int race = 0; race < MaxRemoveRaces && left.Count > 0; race++)
        {
            if ((await CommitAsync(mailbox, [.. left.Select(handle => TableWrite.Delete(handle, null))], cancellationToken)).IsSaved)
            {
                return left.Count;
            }

            left = await WhichExistAsync(mailbox, left, cancellationToken);
        }

        int removed = 0;
        foreach (string handle in left)
        {
            removed += (await CommitAsync(mailbox, [TableWrite.Delete(handle, null)], cancellationToken)).IsSaved ? 1 : 0;
        }

        return removed;
    }

    /// <summary>Says when an envelope is to be pushed next, and thereby ends every other plan for it. False: somebody else did, or it is gone.</summary>
    internal async Task<bool> PlanAsync(MailboxEntry entry, int attempt, DateTimeOffset due, CancellationToken cancellationToken)
    {
        Dictionary<string, object> plan = new() { [AttemptColumn] = attempt, [DueColumn] = due };
        return (await CommitAsync(entry.Mailbox, [TableWrite.Merge(entry.Handle, entry.ETag, plan)], cancellationToken)).IsSaved;
    }

    /// <summary>Deletes what was taken on or before a day, envelopes by their order, marks by their day; so many of each at most. True when nothing is left.</summary>
    internal async Task<bool> DeleteThroughAsync(Mailbox mailbox, UtcDay day, CancellationToken cancellationToken)
    {
        TableRange envelopes = new(mailbox.Partition, EnvelopeHandle.Prefix, EnvelopeHandle.From(StartOf(day.AddDays(1))), int.MaxValue);
        TableRange marks = TableRange.StartingWith(mailbox.Partition, TakenPrefix, int.MaxValue);
        return (await DeleteAsync(mailbox, envelopes, static _ => true, cancellationToken)).IsDone
            && (await DeleteAsync(mailbox, marks, row => !UtcDay.TryParse(row.Get<string>(DayColumn), out UtcDay of) || of <= day, cancellationToken)).IsDone;
    }

    private static Dictionary<string, object> Columns(MailboxEntry entry) => new()
    {
        [SealedColumn] = entry.Sealed,
        [TypeColumn] = entry.Type,
        [TimeColumn] = entry.Time,
        [DayColumn] = entry.Day.Key,
    };

    private static Dictionary<string, object> Mark(MailboxEntry entry) => new() { [HandleColumn] = entry.Handle, [DayColumn] = entry.Day.Key };

    private static DateTimeOffset StartOf(UtcDay day) => new(day.Date, TimeOnly.MinValue, TimeSpan.Zero);

    private static MailboxEntry Read(Mailbox mailbox, TableRow row)
    {
        DateTimeOffset taken = row.Get<DateTimeOffset>(TimeColumn);
        return new MailboxEntry
        {
            Mailbox = mailbox,
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

    private async Task<List<string>> WhichExistAsync(Mailbox mailbox, List<string> handles, CancellationToken cancellationToken)
    {
        List<string> existing = [];
        foreach (string handle in handles)
        {
            if (await storage.Tables.GetAsync(mailbox.Table, mailbox.Partition, handle, cancellationToken) is not null)
            {
                existing.Add(handle);
            }
        }

        return existing;
    }

    private Task<(int Rows, bool IsDone)> DeleteAsync(Mailbox mailbox, TableRange range, Func<TableRow, bool> which, CancellationToken cancellationToken) =>
        storage.Tables.DeleteAsync(mailbox.Table, range, which, MaxDeleted, cancellationToken);

    private Task<CommitResult> CommitAsync(Mailbox mailbox, List<TableWrite> writes, CancellationToken cancellationToken) =>
        storage.Tables.CommitAsync(mailbox.Table, mailbox.Partition, writes, cancellationToken);
}
