using Relay.Load.Counting;
using Relay.Load.Driving;
using Relay.Load.Killing;
using Relay.Load.Measuring;

namespace Relay.Load.Reporting;

/// <summary>Makes the report of a run from its ledger.</summary>
internal static class ReportMaker
{
    public static LoadReport Make(Ledger ledger, RatchetOracle oracle, Drive drive, string what, IReadOnlyList<Kill>? kills)
    {
        TimeProvider time = TimeProvider.System;
        List<Passage> toUser = [.. ledger.Passages.Where(passage => passage.Way == Way.ToUser)];
        IEnumerable<double> Since(Func<Passage, long?> from, Func<Passage, long?> to) =>
            from passage in toUser
            let start = @from(passage)
            let end = to(passage)
            where start is not null && end is not null
            select Math.Max(0, time.GetElapsedTime(start.Value, end.Value).TotalMilliseconds);
        return new LoadReport
        {
            At = time.GetUtcNow(),
            Machine = Machine.Read(),
            Load = Machine.LoadAverage(),
            What = what,
            Rate = drive.Rate,
            Seconds = drive.Duration.TotalSeconds,
            Users = drive.Users,
            ToUser = Tally.Of(ledger, Way.ToUser),
            ToBusiness = Tally.Of(ledger, Way.ToBusiness),
            Lateness = Spread.Of(drive.Lateness),
            Accept = Spread.Of(Since(passage => passage.Due, passage => passage.Accepted)),
            EndToEndToUser = Spread.Of(Since(passage => passage.Due, passage => passage.Arrived)),
            EndToEndToBusiness = Spread.Of(ledger.Passages
                .Where(passage => passage is { Way: Way.ToBusiness, Arrived: not null })
                .Select(passage => time.GetElapsedTime(passage.Due, passage.Arrived ?? 0).TotalMilliseconds)),
            SentTold = Spread.Of(Since(passage => passage.Accepted, passage => Told(ledger, passage, "sent"))),
            DeliveredTold = Spread.Of(Since(passage => passage.Arrived, passage => Told(ledger, passage, "delivered"))),
            WebhookHandling = Spread.Of(ledger.Handling),
            DrainSeconds = drive.DrainTime.TotalSeconds,
            SentStatuses = ledger.Webhooks.StatusCount("sent"),
            DeliveredStatuses = ledger.Webhooks.StatusCount("delivered"),
            DeviceRepeats = ledger.DeviceRepeats,
            Undecryptable = ledger.Undecryptable,
            WebhookCalls = ledger.Webhooks.Calls,
            WebhookRepeats = ledger.Webhooks.Repeats,
            Counters = oracle.Counters,
            Violations = [.. ledger.Violations, .. ledger.Webhooks.Violations, .. oracle.Violations],
            Chaos = kills is null ? null : ChaosFigures.Of(ledger, kills, time),
        };
    }

    private static long? Told(Ledger ledger, Passage passage, string status) =>
        passage.MessageId is { } id ? ledger.Webhooks.StatusTold(id, status) : null;
}
