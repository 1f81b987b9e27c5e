using Relay.Shared.Primitives;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Integrity.Tallies;
using Relay.Shared.Transport.Integrity.Windows;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Integrity;

/// <summary>Tells the operator how a business stands and what was counted of it. Changes nothing.</summary>
public sealed class ShowSignals(StandingStore standings, RecipientWindows windows, TallyStore tallies, CloseDays closeDays, TimeProvider time)
{
    public async Task<TransportResult<SignalsResponse>> ExecuteAsync(ShowSignalsRequest request, CancellationToken cancellationToken)
    {
        if (!BusinessLabel.IsOne(request.Business))
        {
            return TransportFailures.NotABusiness;
        }

        UtcDay today = UtcDay.Today(time);
        List<DaySignals> over = await tallies.ReadDaysAsync(request.Business, today.AddDays(-DaySignals.DaysKept), cancellationToken);
        DaySignals? now = await closeDays.ReadAsync(request.Business, today, cancellationToken);
        BusinessStanding standing = await standings.FindAsync(request.Business, cancellationToken);
        (long messaged, bool isExact) = await windows.CountAsync(request.Business, cancellationToken);
        List<DaySignals> days = [.. over.OrderByDescending(one => one.Day)];
        if (now is not null)
        {
            days.Insert(0, now);
        }

        return new SignalsResponse(
            new StandingResponse(standing.Tier.Name(), standing.Quality.Name(), standing.IsRestricted, messaged, !standing.Tier.Admits(messaged, isExact)),
            standing.IsTierFixed,
            now?.Tally.ByHour[time.GetUtcNow().UtcDateTime.Hour] ?? 0,
            [.. days.Select(ToDay)])
        {
            TierSince = standing.TierSince == DateTimeOffset.UnixEpoch ? null : standing.TierSince.ToUnixTimeSeconds(),
            RedSince = standing.RedSince?.ToUnixTimeSeconds(),
            SetAt = standing.SetAt?.ToUnixTimeSeconds(),
            UsualPerHour = Usual(over),
        };
    }

    /// <summary>The median of the hours with any message; the lower one of two. Null without one.</summary>
    internal static long? Usual(IReadOnlyList<DaySignals> days)
    {
        long[] hours = [.. days.SelectMany(one => one.Tally.ByHour).Where(sent => sent > 0).Order()];
        return hours.Length == 0 ? null : hours[(hours.Length - 1) / 2];
    }

    private static SignalsDay ToDay(DaySignals one) => new(
        one.Day.Key, one.Messaged, one.Served, one.Complained, one.Tally.Sent, one.Tally.Initiated, one.Tally.First, one.Tally.Undeliverable);
}
