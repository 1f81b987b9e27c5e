using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Analytics;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;

namespace Relay.Shared.Billing;

/// <summary>
/// Once an hour, for each business: counts again what a process came not to finish, an hour after nothing of it can be under way any more, and deletes notes that nobody needs.
/// One range of <c>counts</c> where there is nothing to do. A run that dies is finished by the next.
/// </summary>
public sealed partial class SettleUsage(BusinessStore businesses, CountStore counts, RecountDay recount, TimeProvider time, ILogger<SettleUsage> logger)
{
    /// <summary>After the end of a day, or after a process was in doubt: longer than any transaction can still be under way.</summary>
    internal static readonly TimeSpan Settling = TimeSpan.FromHours(1);

    /// <summary>Two lives of a message: what no run came to in that time has no message left to be counted by.</summary>
    private const int DaysBack = 2 * (Retention.Days + 1);

    /// <summary>Of a run; the host ends a function after five minutes.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(4);

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset end = time.GetUtcNow() + MaxTime;
        await foreach (BusinessId business in businesses.ListAsync(cancellationToken))
        {
            await TrySettleAsync(business, end, cancellationToken);
        }

        await foreach ((BusinessId business, _) in counts.ListClosedAsync(cancellationToken))
        {
            await TrySettleAsync(business, end, cancellationToken);
        }
    }

    /// <summary>Whether a row will never change again without having been counted again: nothing of it can be under way.</summary>
    internal static bool IsDue(CountRow row, DateTimeOffset now) =>
        !row.IsFinal && now >= (row is { State: CountState.Torn, TornAt: { } torn } ? torn : MessageCounts.EndOf(row.Day)) + Settling;

    private async Task TrySettleAsync(BusinessId business, DateTimeOffset end, CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() >= end)
        {
            return;
        }

        try
        {
            await SettleAsync(business, end, cancellationToken);
        }
        catch (Exception e) when (DependencyFaults.IsAway(e) || e is InvalidDataException)
        {
            Log.NotSettled(logger, business, FaultKind.Of(e));
        }
    }

    private async Task SettleAsync(BusinessId business, DateTimeOffset end, CancellationToken cancellationToken)
    {
        UtcDay today = UtcDay.Today(time);
        HashSet<string> open = new(StringComparer.Ordinal);
        List<CountRow> due = [];
        await foreach (CountRow row in counts.ListAsync(business, today.AddDays(-DaysBack), today, cancellationToken))
        {
            if (!row.IsFinal)
            {
                open.Add(row.Key);
                if (IsDue(row, time.GetUtcNow()))
                {
                    due.Add(row);
                }
            }
        }

        foreach (IGrouping<(UtcDay Day, string), CountRow> together in due.GroupBy(row => (row.Day, row.Cursor)))
        {
            CountRow[] rows = [.. together];
            if (await recount.ExecuteAsync(business, together.Key.Day, rows, end, cancellationToken))
            {
                Log.Settled(logger, business, rows.Length);
            }
        }

        foreach (string noted in (await counts.ListNotedAsync(business, cancellationToken)).Where(row => !open.Contains(row)))
        {
            await counts.ForgetNotesAsync(business, noted, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(341, LogLevel.Information, "{Rows} rows of what business {Business} sent and received were counted again.")]
        internal static partial void Settled(ILogger logger, BusinessId business, int rows);

        [LoggerMessage(342, LogLevel.Error, "What business {Business} sent and received could not be counted again ({Fault}); the next run tries again.")]
        internal static partial void NotSettled(ILogger logger, BusinessId business, FaultKind fault);
    }
}
