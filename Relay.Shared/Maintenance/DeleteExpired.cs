using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Analytics;
using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Idempotency;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Proof.Receipts;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Telemetry;

namespace Relay.Shared.Maintenance;

/// <summary>
/// Deletes what is past its days: day keys first, then rows by the expiry index (spec/storage.md §4), and gives receipts. The data is unreadable in time
/// whatever becomes of the rows. Killed anywhere, the next run goes on: an expiry row goes only after its conversation's rows.
/// </summary>
public sealed partial class DeleteExpired(
    SweepDays sweepDays,
    SweepMedia sweepMedia,
    IssueDayReceipts receipts,
    DeletionTally tally,
    BusinessStore businesses,
    ParkedStore parked,
    ClaimStore claims,
    CountStore counts,
    LookupErasure lookups,
    RelayKeys keys,
    TimeProvider time,
    ILogger<DeleteExpired> logger)
{
    /// <summary>Rows of Idempotency-Keys per run, about; a claim has two.</summary>
    private const int MaxClaimsPerRun = 200_000;

    private const int ClaimsPerTurn = 2_000;

    /// <summary>Lookup rows of past epochs per business and run; nothing of them can be confirmed once their key is gone, which is first.</summary>
    private const int MaxLookupsPerTurn = 20_000;

    /// <summary>Of a run, for the rows of dead days.</summary>
    private static readonly TimeSpan SweepingTime = TimeSpan.FromMinutes(3);

    /// <summary>Of a run; the host ends a function after five minutes.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(4);

    /// <summary>From this hour on, a key goes even where it can't be taken down for the receipt.</summary>
    private const int LastHours = 20;

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        UtcDay firstLive = Retention.FirstLiveDay(UtcDay.Today(time));

        DateTimeOffset start = time.GetUtcNow();

        // Keys first, those of all: whatever stops the run later, what they sealed is gone.
        await DestroyKeysAsync(firstLive, cancellationToken);
        IReadOnlySet<UtcDay> swept = await sweepDays.ExecuteAsync(firstLive, start + SweepingTime, cancellationToken);
        MeasureLeft(firstLive, swept);
        await IssueReceiptsAsync(firstLive, swept, start + MaxTime, cancellationToken);
        await DeleteClaimsAsync(start + MaxTime, cancellationToken);
        await sweepMedia.ExecuteAsync(firstLive, start + MaxTime, cancellationToken);
        await DeleteOthersAsync(firstLive, start + MaxTime, cancellationToken);
    }

    /// <summary>What alerts go by: also that nothing was left is measured, so that silence means that no run came so far.</summary>
    private void MeasureLeft(UtcDay firstLive, IReadOnlySet<UtcDay> swept)
    {
        int? back = Enumerable.Range(1, SweepDays.DaysBack).Reverse().Cast<int?>().FirstOrDefault(back => !swept.Contains(firstLive.AddDays(-back ?? 0)));
        RelayMetrics.OldestLeft.Record(back is { } days ? time.GetUtcNow() - new DateTimeOffset(firstLive.AddDays(-days).Date, default, TimeSpan.Zero) : TimeSpan.Zero);
    }

    /// <summary>Idempotency-Keys of past days, in turns, so that a business with many keeps no other waiting.</summary>
    private async Task DeleteClaimsAsync(DateTimeOffset end, CancellationToken cancellationToken)
    {
        int deleted = 0;
        int inTurn;
        do
        {
            inTurn = 0;
            await foreach (BusinessId business in businesses.ListAsync(cancellationToken))
            {
                inTurn += await claims.DeletePastAsync(business, ClaimsPerTurn, cancellationToken);
            }

            deleted += inTurn;
        }
        while (inTurn > 0 && deleted < MaxClaimsPerRun && time.GetUtcNow() < end);

        RelayMetrics.Expired.Add(ExpiredKind.IdempotencyKey, deleted);
        Log.ClaimsDeleted(logger, deleted);
    }

    private async Task DestroyKeysAsync(UtcDay firstLive, CancellationToken cancellationToken)
    {
        int destroyed = 0;
        await foreach (BusinessId business in businesses.ListAsync(cancellationToken))
        {
            try
            {
                destroyed += await keys.Ring.DestroyDaysBeforeAsync(
                    business.Value, firstLive, (dying, token) => NoteKeysAsync(business, dying, firstLive, token), cancellationToken);
                await lookups.DestroyPastAsync(business, cancellationToken);
            }
            catch (Exception e) when (DependencyFaults.IsAway(e) || e is InvalidDataException)
            {
                Log.NotDestroyed(logger, business, FaultKind.Of(e));
            }
        }

        RelayMetrics.Expired.Add(ExpiredKind.DayKey, destroyed);
        if (destroyed > 0)
        {
            Log.Destroyed(logger, destroyed);
        }
    }

    /// <summary>Parked items of dead days, lookup rows of dead epochs, whose keys are gone by now, and counts that are old enough, also of businesses that were closed. The rest is for the next run.</summary>
    private async Task DeleteOthersAsync(UtcDay firstLive, DateTimeOffset end, CancellationToken cancellationToken)
    {
        UtcDay firstCounted = UtcDay.Today(time).AddDays(-CountStore.DaysKept);
        await foreach (BusinessId business in businesses.ListAsync(cancellationToken))
        {
            if (time.GetUtcNow() >= end)
            {
                return;
            }

            try
            {
                await parked.DeleteBeforeAsync(business, firstLive, cancellationToken);
                await lookups.DeletePastAsync(business, MaxLookupsPerTurn, cancellationToken);
                await counts.DeleteBeforeAsync(business, firstCounted, cancellationToken);
            }
            catch (Exception e) when (DependencyFaults.IsAway(e) || e is InvalidDataException)
            {
                Log.NotDeleted(logger, business, FaultKind.Of(e));
            }
        }

        await foreach ((BusinessId business, UtcDay closed) in counts.ListClosedAsync(cancellationToken))
        {
            if (await counts.DeleteBeforeAsync(business, firstCounted, cancellationToken) == 0 && closed < firstCounted)
            {
                await counts.ForgetClosedAsync(business, cancellationToken);
            }
        }
    }

    /// <summary>Better a receipt without the key's name than a key that outlives its day.</summary>
    private async Task NoteKeysAsync(BusinessId business, IReadOnlyList<StoredKey> dying, UtcDay firstLive, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        try
        {
            await tally.NoteKeysAsync(business, dying, now, cancellationToken);
        }
        catch (StorageFaultException e) when (now.Hour >= LastHours || dying.Any(key => UtcDay.TryParse(key.Name, out UtcDay day) && day < firstLive.AddDays(-1)))
        {
            Log.NotNoted(logger, business, FaultKind.Of(e));
        }
    }

    private async Task IssueReceiptsAsync(UtcDay firstLive, IReadOnlySet<UtcDay> swept, DateTimeOffset end, CancellationToken cancellationToken)
    {
        int issued = 0;
        UtcDay firstSwept = firstLive.AddDays(-SweepDays.DaysBack);
        await foreach (BusinessId business in businesses.ListAsync(cancellationToken))
        {
            if (time.GetUtcNow() >= end)
            {
                break;
            }

            try
            {
                issued += await receipts.ExecuteAsync(business, firstLive, firstSwept, swept, cancellationToken);
            }
            catch (Exception e) when (DependencyFaults.IsAway(e) || e is InvalidDataException)
            {
                Log.NotIssued(logger, business, FaultKind.Of(e));
            }
        }

        if (issued > 0)
        {
            Log.Issued(logger, issued);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(302, LogLevel.Information, "{Count} day keys destroyed.")]
        internal static partial void Destroyed(ILogger logger, int count);

        [LoggerMessage(308, LogLevel.Information, "{Count} rows of past Idempotency-Keys deleted.")]
        internal static partial void ClaimsDeleted(ILogger logger, int count);

        [LoggerMessage(333, LogLevel.Error, "The keys of past days of business {Business} could not be destroyed ({Fault}); the next run tries again.")]
        internal static partial void NotDestroyed(ILogger logger, BusinessId business, FaultKind fault);

        [LoggerMessage(337, LogLevel.Error, "Parked items or lookup rows of business {Business} could not be deleted ({Fault}); the next run tries again.")]
        internal static partial void NotDeleted(ILogger logger, BusinessId business, FaultKind fault);

        [LoggerMessage(334, LogLevel.Warning, "Keys of business {Business} could not be taken down for the receipt ({Fault}) and are destroyed all the same.")]
        internal static partial void NotNoted(ILogger logger, BusinessId business, FaultKind fault);

        [LoggerMessage(335, LogLevel.Warning, "Deletion receipts of business {Business} could not be issued ({Fault}); the next run tries again.")]
        internal static partial void NotIssued(ILogger logger, BusinessId business, FaultKind fault);

        [LoggerMessage(336, LogLevel.Information, "{Count} deletion receipts issued.")]
        internal static partial void Issued(ILogger logger, int count);
    }
}
