using Microsoft.Extensions.Logging;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Telemetry;
using Relay.Shared.Transport.Expiry;
using Relay.Shared.Transport.Integrity.Reports;
using Relay.Shared.Transport.Integrity.Sketches;
using Relay.Shared.Transport.Integrity.Tallies;
using Relay.Shared.Transport.Integrity.Windows;
using Relay.Shared.Transport.Statistics;

namespace Relay.Shared.Transport.Integrity.Standing;

/// <summary>
/// Every hour: writes what this instance has counted, closes days that are over, destroys keys that have lived their two days and the sketches under them, rates every
/// business and moves its tier. May run at any time, twice, at once, and die in between: a day is closed by an insert, a standing changes by compare and swap. Within its
/// time it goes round; where it stopped the next run begins.
/// </summary>
public sealed partial class RateBusinesses(
    SketchItems items,
    CloseDays closeDays,
    CountTraffic traffic,
    ListedBusinesses listed,
    StandingStore standings,
    ReportInbox inbox,
    EndSignals endSignals,
    SignalCleaning cleaning,
    RecipientWindows windows,
    TimerPosition position,
    TimeProvider time,
    ILogger<RateBusinesses> logger)
{
    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(4);

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        UtcDay today = UtcDay.Today(time);
        await items.DestroyBeforeAsync(today.AddDays(-1), cancellationToken);
        await FlushAsync(cancellationToken);
        DateTimeOffset end = time.GetUtcNow() + MaxTime;
        await closeDays.ExecuteAsync(ServiceCounts.Label, today, cancellationToken);
        await cleaning.ExecuteAsync(ServiceCounts.Label, today, cancellationToken);
        int rated = 0;
        string? before = await position.FindAsync(TimerPosition.Ratings, cancellationToken);
        string? last = before;
        await foreach (string business in listed.ReadAsync(before, cancellationToken))
        {
            if (time.GetUtcNow() >= end && last is not null)
            {
                await position.SetAsync(TimerPosition.Ratings, last, cancellationToken);
                Log.Rated(logger, rated);
                return;
            }

            try
            {
                await LookAfterAsync(business, today, cancellationToken);
                rated++;
            }
            catch (InvalidDataException exception)
            {
                // One business's row that is none of ours holds up nobody else.
                Log.NotRated(logger, FaultKind.Of(exception));
            }

            last = business;
        }

        if (before is not null)
        {
            await position.RemoveAsync(TimerPosition.Ratings, cancellationToken);
        }

        Log.Rated(logger, rated);
    }

    /// <summary>What can't be written now is rated with the next run, and keeps nothing else from being done.</summary>
    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await traffic.FlushAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is StorageFaultException or SealBrokenException)
        {
            Log.NotFlushed(logger, FaultKind.Of(exception));
        }
    }

    private async Task LookAfterAsync(string business, UtcDay today, CancellationToken cancellationToken)
    {
        bool isReported = await inbox.HoldsAnyAsync(business, cancellationToken);
        if (isReported && await inbox.IsClosedAsync(business, cancellationToken))
        {
            await endSignals.SweepAsync(business, cancellationToken);
        }
        else
        {
            await RateAsync(business, today, cancellationToken);
        }

        await cleaning.ExecuteAsync(business, today, cancellationToken);
        if (!isReported)
        {
            await standings.LetGoAsync(business, cancellationToken);
        }
    }

    /// <summary>Rates one business now.</summary>
    internal async Task<BusinessStanding> RateAsync(string business, UtcDay today, CancellationToken cancellationToken)
    {
        List<DaySignals> days = await closeDays.ExecuteAsync(business, today, cancellationToken);
        QualityRating quality = Quality.Rate([
            .. Enumerable.Range(0, Quality.Days)
                .Select(age => today.AddDays(-age))
                .Select(day => days.Find(one => one.Day == day))
                .Select(signals => signals is null ? default : new QualityDay(signals.Messaged, signals.Complained))]);
        (long used, bool _) = await windows.CountAsync(business, cancellationToken);
        DateTimeOffset at = time.GetUtcNow();
        RelayMetrics.Rated.Add(quality);
        return (await standings.ChangeAsync(business, before => Next(before, quality, used, at), cancellationToken)).After;
    }

    internal static BusinessStanding Next(BusinessStanding before, QualityRating quality, long used, DateTimeOffset now)
    {
        DateTimeOffset? half = before.HalfUsedAt is { } since && now - since < TierRules.UseCounts ? since : null;
        BusinessStanding rated = before with
        {
            Quality = quality,
            RedSince = quality == QualityRating.Red ? before.RedSince ?? now : null,
            HalfUsedAt = half ?? (TierRules.IsHalfUsed(before.Tier, used) ? now : null),
        };
        if (rated.IsTierFixed)
        {
            return rated;
        }

        MessagingTier tier = TierRules.Next(rated, now);
        return tier == rated.Tier ? rated : rated with { Tier = tier, TierSince = now, HalfUsedAt = null };
    }

    private static partial class Log
    {
        [LoggerMessage(3303, LogLevel.Information, "Integrity: {Businesses} businesses rated.")]
        internal static partial void Rated(ILogger logger, int businesses);

        [LoggerMessage(3309, LogLevel.Warning, "What this instance has counted could not be written before the ratings ({Fault}); the next run has it.")]
        internal static partial void NotFlushed(ILogger logger, FaultKind fault);

        [LoggerMessage(3305, LogLevel.Error, "A business could not be rated ({Fault}); the others are.")]
        internal static partial void NotRated(ILogger logger, FaultKind fault);
    }
}
