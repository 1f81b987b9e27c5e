using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Integrity.Reports;
using Relay.Shared.Transport.Integrity.Tallies;

namespace Relay.Shared.Transport.Integrity.Standing;

/// <summary>Deletes a business's sketches whose key is gone, instances' tallies of days that were closed, reports whose tokens
/// have ended, what was attached to them when its key is gone, the mark of a closed business when nothing of it can be reported any more, and counts after 28 days.</summary>
public sealed class SignalCleaning(TransportStorage storage)
{
    private const int MaxDeleted = 5_000;

    /// <summary>Prefix of row keys, and how many days before today the first one lies that stays.</summary>
    private static readonly (string Prefix, int Days)[] Kept = [("i-", 1), ("m-", 1), ("s-", 1), ("c-", 1), ("n-", 8), (ReportStore.Prefix, ReportMessage.Days), ("day-", DaySignals.DaysKept)];

    internal async Task ExecuteAsync(string business, UtcDay today, CancellationToken cancellationToken)
    {
        foreach ((string prefix, int days) in Kept)
        {
            TableRange old = new(business, prefix, prefix + today.AddDays(-days).Key, int.MaxValue);
            await storage.Tables.DeleteAsync(TableNames.Signals, old, static _ => true, MaxDeleted, cancellationToken);
        }

        TableRange unreadable = new(business, null, Retention.FirstLiveDay(today).Key, int.MaxValue);
        await storage.Tables.DeleteAsync(TableNames.ReportInbox, unreadable, static _ => true, MaxDeleted, cancellationToken);

        // Nobody has a token any more of what a closed business sent.
        TableRange closed = new(business, ReportInbox.ClosedPrefix, ReportInbox.ClosedPrefix + today.AddDays(-ReportMessage.Days - 1).Key, int.MaxValue);
        await storage.Tables.DeleteAsync(TableNames.ReportInbox, closed, static _ => true, MaxDeleted, cancellationToken);
    }
}
