using Microsoft.Extensions.Logging;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Integrity.Tallies;

namespace Relay.Shared.Transport.Statistics;

/// <summary>
/// Publishes the week that is over, once (spec/integrity.md §4.5): user-days that were messaged, and that were messaged in a service window, by day. A run that has no
/// time left for all businesses publishes nothing; the next day's tries again, for three weeks.
/// </summary>
public sealed partial class PublishStatistics(
    ListedBusinesses listed, TallyStore tallies, ReleaseStore releases, TimeProvider time, ILogger<PublishStatistics> logger)
{
    /// <summary>Group: users that were messaged.</summary>
    public const string Messaged = "users_messaged";

    /// <summary>Group: users that were messaged within 24 hours after they wrote.</summary>
    public const string Served = "users_served";

    private const int WeeksBack = 3;
    private const int WeeksKept = 57;

    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(4);

    public Task ExecuteAsync(CancellationToken cancellationToken) => ExecuteAsync(GeometricNoise.Draw, cancellationToken);

    internal async Task ExecuteAsync(Func<int, int> noise, CancellationToken cancellationToken)
    {
        DateTimeOffset end = time.GetUtcNow() + MaxTime;
        Week now = Week.Of(UtcDay.Today(time));
        Week week = now.Before;
        for (int back = 0; back < WeeksBack; back++, week = week.Before)
        {
            if (await releases.ExistsAsync(week, cancellationToken))
            {
                continue;
            }

            if (await CellsAsync(week, end, cancellationToken) is not { } cells)
            {
                Log.OutOfTime(logger);
                return;
            }

            await releases.TryAddAsync(week, StatisticsRelease.Make(cells, noise), cancellationToken);
        }

        Week oldest = Week.Of(now.Monday.AddDays(-7 * WeeksKept));
        await releases.DeleteBeforeAsync(oldest, cancellationToken);
    }

    /// <summary>Null when there was no time for all businesses.</summary>
    private async Task<List<StatisticsCell>?> CellsAsync(Week week, DateTimeOffset end, CancellationToken cancellationToken)
    {
        Dictionary<(string Group, UtcDay Day), int> businesses = [];
        await foreach (string business in listed.ReadAsync(null, cancellationToken))
        {
            if (time.GetUtcNow() >= end)
            {
                return null;
            }

            foreach (DaySignals day in await OfWeekAsync(business, week, cancellationToken))
            {
                Count(Messaged, day.Day, day.Messaged);
                Count(Served, day.Day, day.Served);
            }
        }

        List<StatisticsCell> cells = [];
        foreach (DaySignals day in await OfWeekAsync(ServiceCounts.Label, week, cancellationToken))
        {
            cells.Add(new StatisticsCell(Messaged, day.Day.Key, day.Messaged, businesses.GetValueOrDefault((Messaged, day.Day))));
            cells.Add(new StatisticsCell(Served, day.Day.Key, day.Served, businesses.GetValueOrDefault((Served, day.Day))));
        }

        return cells;

        void Count(string group, UtcDay day, long users)
        {
            if (users > 0)
            {
                businesses[(group, day)] = businesses.GetValueOrDefault((group, day)) + 1;
            }
        }
    }

    private async Task<IEnumerable<DaySignals>> OfWeekAsync(string business, Week week, CancellationToken cancellationToken) =>
        from day in await tallies.ReadDaysAsync(business, week.Monday, cancellationToken)
        where Week.Of(day.Day) == week
        select day;

    private static partial class Log
    {
        [LoggerMessage(3304, LogLevel.Warning, "Statistics: there was no time to look at all businesses; the next run tries again.")]
        internal static partial void OutOfTime(ILogger logger);
    }
}
