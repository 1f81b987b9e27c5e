using Relay.Shared.Primitives;
using Relay.Shared.Transport.Integrity.Sketches;

namespace Relay.Shared.Transport.Integrity.Tallies;

/// <summary>Takes down what days that are over came to, as counts, once; may run at any time, twice and at once. What was missed is caught up with for seven days.</summary>
public sealed class CloseDays(SketchStore sketches, TallyStore tallies, TimeProvider time)
{
    /// <summary>Days whose sketches can still be counted, though nobody can be looked up in them any more.</summary>
    private const int DaysBack = 7;

    /// <summary>By then every instance has written what it counted before midnight.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(10);

    /// <summary>The last seven days and today, those on which anything was counted.</summary>
    internal async Task<List<DaySignals>> ExecuteAsync(string business, UtcDay today, CancellationToken cancellationToken)
    {
        List<DaySignals> days = await tallies.ReadDaysAsync(business, today.AddDays(-DaysBack), cancellationToken);
        for (UtcDay day = today.AddDays(-DaysBack); day < today; day = day.AddDays(1))
        {
            if (days.Exists(one => one.Day == day) || await ReadAsync(business, day, cancellationToken) is not { } open)
            {
                continue;
            }

            days.Add(open);
            if (time.GetUtcNow().UtcDateTime.TimeOfDay >= Settled || day < today.AddDays(-1))
            {
                await tallies.CloseDayAsync(business, open, cancellationToken);
            }
        }

        if (await ReadAsync(business, today, cancellationToken) is { } now)
        {
            days.Add(now);
        }

        return days;
    }

    /// <summary>What a day has come to so far; null when nothing was counted.</summary>
    internal async Task<DaySignals?> ReadAsync(string business, UtcDay day, CancellationToken cancellationToken)
    {
        DayTally tally = await tallies.ReadAsync(business, day, cancellationToken);
        long complained = await CountAsync(business, SketchKind.Complained, day, cancellationToken);
        return tally.Sent == 0 && tally.Undeliverable == 0 && complained == 0
            ? null
            : new DaySignals(
                day,
                tally,
                await CountAsync(business, SketchKind.Messaged, day, cancellationToken),
                await CountAsync(business, SketchKind.Served, day, cancellationToken),
                complained);
    }

    private async Task<long> CountAsync(string business, SketchKind kind, UtcDay day, CancellationToken cancellationToken) =>
        (await sketches.FindAsync(business, SketchStore.RowKey(kind, day), cancellationToken)).Sketch.Count;
}
