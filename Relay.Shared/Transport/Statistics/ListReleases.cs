using System.Globalization;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Statistics;

/// <summary>Tells the operator what was published. Nothing that was not can be asked for.</summary>
public sealed class ListReleases(ReleaseStore releases)
{
    public async Task<TransportResult<StatisticsResponse>> ExecuteAsync(StatisticsRequest request, DateTimeOffset signed, CancellationToken cancellationToken)
    {
        if (!DateOnly.TryParseExact(request.Since, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly since))
        {
            return TransportFailures.BadRequest("'since' is not a day such as 2026-11-23.");
        }

        IReadOnlyList<(string Week, IReadOnlyList<ReleasedCell> Cells)> weeks = await releases.ListAsync(Week.Of(new UtcDay(since)), cancellationToken);
        return new StatisticsResponse([.. weeks.Select(week => new StatisticsWeek(week.Week, [.. week.Cells.Select(Number)]))]);
    }

    private static StatisticsNumber Number(ReleasedCell cell) => new(cell.Group, cell.Part, cell.Users);
}
