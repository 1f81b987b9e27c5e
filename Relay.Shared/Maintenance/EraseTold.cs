using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Conversations.Walking;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Maintenance;

/// <summary>
/// Erases the payloads of told webhooks that are past their business's replay window, by the expiry index and day by day. Businesses take turns;
/// how far each is stands in storage, so a run that dies is gone on with by the next.
/// </summary>
public sealed partial class EraseTold(
    BusinessStore businesses, ConversationWalks walks, ConversationStore conversations, TimeProvider time, ILogger<EraseTold> logger)
{
    /// <summary>
    /// Whoever tells a row decides whether its payload stays by the window as it knows it, and by the day: that may be this long ago.
    /// </summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromMinutes(15);

    private const int TransactionsPerRun = 15_000;
    private const int TransactionsPerTurn = 500;

    private static readonly IReadOnlyList<string> Kinds = [WebhookRow.InboundPrefix, WebhookRow.StatusPrefix];

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        List<BusinessId> left = [];
        await foreach (BusinessId business in businesses.ListAsync(cancellationToken))
        {
            left.Add(business);
        }

        int erased = 0;
        for (int spent = 0; left.Count > 0 && spent < TransactionsPerRun;)
        {
            foreach (BusinessId business in left.ToArray())
            {
                WalkBudget budget = new(TransactionsPerTurn);
                try
                {
                    (int count, bool hasMore) = await TurnAsync(business, budget, cancellationToken);
                    erased += count;
                    if (!hasMore)
                    {
                        left.Remove(business);
                    }
                }
                catch (Exception e) when (DependencyFaults.IsAway(e) || e is InvalidDataException or SealBrokenException)
                {
                    Log.NotErased(logger, business, FaultKind.Of(e));
                    left.Remove(business);
                }

                spent += TransactionsPerTurn - budget.Left + 1;
            }
        }

        if (erased > 0)
        {
            Log.Erased(logger, erased);
        }
    }

    private async Task<(int Erased, bool HasMore)> TurnAsync(BusinessId business, WalkBudget budget, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (await businesses.FindErasureAsync(business, cancellationToken) is not { } erasure
            || now - erasure.SetAt < Grace
            || await businesses.FindAsync(business, cancellationToken) is not { } owner)
        {
            return (0, false);
        }

        UtcDay firstLive = Retention.FirstLiveDay(UtcDay.Of(now));
        if (!WalkPosition.TryParse(erasure.Position, out WalkPosition from) || from.Day < firstLive)
        {
            from = WalkPosition.StartOf(firstLive);
        }

        WalkPlan plan = new()
        {
            Business = business,
            LastDay = owner.ReplayWindow.LastErased(now, Grace),
            Step = 1,
            Kinds = Kinds,
            Wants = (day, row) => WebhookRow.IsOf(day, row) && WebhookRow.ReadState(row) is { IsTold: true, HasPayload: true },
        };
        ConversationWalk walk = walks.Start(plan, from, budget);
        int erased = await EraseAsync(walk, budget, cancellationToken);
        if (walk.IsDone && owner.ReplayWindow.Days == 0)
        {
            await businesses.EndErasureAsync(business, erasure, cancellationToken);
        }
        else if (walk.Position != from)
        {
            await businesses.SaveErasureAsync(business, erasure with { Position = walk.Position.Encode() }, cancellationToken);
        }

        return (erased, !walk.IsDone);
    }

    private async Task<int> EraseAsync(ConversationWalk walk, WalkBudget budget, CancellationToken cancellationToken)
    {
        int erased = 0;
        List<WalkedRow> batch = [];
        while (await walk.NextAsync(cancellationToken) is { } row)
        {
            if (batch.Count == TableLimits.MaxWritesPerCommit || (batch.Count > 0 && batch[0].Key != row.Key))
            {
                erased += await conversations.EraseAsync(batch[0].Key, [.. batch.Select(one => one.Row)], cancellationToken);
                budget.TryTake();
                batch.Clear();
            }

            batch.Add(row);
        }

        return batch.Count == 0 ? erased : erased + await conversations.EraseAsync(batch[0].Key, [.. batch.Select(one => one.Row)], cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(305, LogLevel.Information, "The payloads of {Count} told webhooks were past their replay window and are erased.")]
        internal static partial void Erased(ILogger logger, int count);

        [LoggerMessage(306, LogLevel.Error, "Told webhooks of business {Business} could not be erased ({Fault}); the next run tries again.")]
        internal static partial void NotErased(ILogger logger, BusinessId business, FaultKind fault);
    }
}
