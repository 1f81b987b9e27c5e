using Microsoft.Extensions.Logging;
using Relay.Shared.Conversations;
using Relay.Shared.Conversations.Walking;
using Relay.Shared.History;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Webhooks;

namespace Relay.Shared.Replay;

/// <summary>
/// Queue <c>replays</c>: opens rows again whose payload is still there, oldest day first, a slice at a time; each goes by queue <c>webhooks</c>,
/// its schedule and its breaker, under the <c>webhook-id</c> it had. A slice puts the next one into the queue before it ends, so a kill repeats
/// at most a slice and what follows it: told more than once at worst, never less.
/// </summary>
/// <remarks>
/// Dies after: the put of <see cref="AcceptReplay"/>: the replay runs. <see cref="TellBusiness.TellAgainAsync"/> of some rows: redelivery opens
/// them again; a row opened without its reference gets one then. The put of the next slice: redelivery repeats this one and puts a second
/// next; in one process that is noticed.
/// </remarks>
public sealed partial class ReplayWebhooks(
    ConversationWalks walks, ConversationStore conversations, HistoryMessages messages, TellBusiness tell, IQueueStore queues, TimeProvider time, ILogger<ReplayWebhooks> logger)
{
    /// <summary>Rows per slice, and with <see cref="Pause"/> the rate of one replay.</summary>
    internal const int RowsPerSlice = 100;

    /// <summary>Between slices.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private const int TransactionsPerSlice = 300;
    private const int MaxStatuses = 16;

    private static readonly TimeSpan Life = TimeSpan.FromDays(7);

    private readonly ShortCache<(string, string), ReplayWebhooks> _continued = new(time, TimeSpan.FromHours(1), 10_000);

    public async Task ExecuteAsync(string message, CancellationToken cancellationToken)
    {
        ReplayItem item = ReplayItem.Parse(message);
        if (time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(item.AskedAt) > Life)
        {
            Log.GivenUp(logger, item.Owner);
            return;
        }

        try
        {
            await (item.Locator is { } locator ? TellMessageAsync(item, locator, cancellationToken) : TellSliceAsync(item, cancellationToken));
        }
        catch (Exception e) when (DependencyFaults.IsAway(e))
        {
            ReplayItem next = item with { Attempt = item.Attempt + 1 };
            await PutAsync(next, RetrySchedule.AfterDependencyFailure(next.Attempt), cancellationToken);
        }
    }

    private async Task TellMessageAsync(ReplayItem item, MessageLocator locator, CancellationToken cancellationToken)
    {
        ConversationKey key = new(item.Owner, locator.Conversation);
        if (await messages.FindAsync(key, locator, cancellationToken) is not { } found)
        {
            return;
        }

        IEnumerable<string> rows = locator.Direction == MessageDirection.FromUser
            ? [found.Row.RowKey]
            : (await conversations.ListStatusesAsync(key, locator.Message, MaxStatuses, cancellationToken)).OrderBy(Order).Select(row => row.RowKey);
        foreach (string row in rows)
        {
            await tell.TellAgainAsync(key, row, item.Subscriber, cancellationToken);
        }
    }

    private async Task TellSliceAsync(ReplayItem item, CancellationToken cancellationToken)
    {
        if (_continued.TryGet((item.Id, item.Position ?? "")) is not null || !WalkPosition.TryParse(item.Position, out WalkPosition from))
        {
            return;
        }

        ConversationWalk walk = walks.Start(Plan(item), from, new WalkBudget(TransactionsPerSlice));
        List<WalkedRow> slice = [];
        while (slice.Count < RowsPerSlice && await walk.NextAsync(cancellationToken) is { } row)
        {
            slice.Add(row);
        }

        foreach (WalkedRow row in slice.OrderBy(one => Order(WebhookRow.ReadState(one.Row))))
        {
            await tell.TellAgainAsync(row.Key, row.Row.RowKey, item.Subscriber, cancellationToken);
        }

        if (walk.IsDone)
        {
            Log.Done(logger, item.Owner);
        }
        else
        {
            await PutAsync(item with { Attempt = 0, Position = walk.Position.Encode() }, Pause, cancellationToken);
        }

        _continued.Put((item.Id, item.Position ?? ""), this);
    }

    /// <summary>As it happened, and what became durable together from sent to read.</summary>
    private static (DateTimeOffset, OutboundState?) Order(WebhookState row) => (row.At, WebhookRow.ParseStatus(row.RowKey)?.State);

    private static WalkPlan Plan(ReplayItem item)
    {
        DateTimeOffset since = DateTimeOffset.FromUnixTimeMilliseconds(item.Since ?? 0);
        DateTimeOffset until = DateTimeOffset.FromUnixTimeMilliseconds(item.Until ?? 0);
        IReadOnlyList<string> kinds = item.Only switch
        {
            ReplayRequest.Messages => [WebhookRow.InboundPrefix],
            ReplayRequest.Statuses => [WebhookRow.StatusPrefix],
            _ => [WebhookRow.InboundPrefix, WebhookRow.StatusPrefix],
        };
        return new WalkPlan
        {
            Business = item.Owner,
            Number = item.Number,
            LastDay = UtcDay.Of(until),
            Step = 1,
            Kinds = kinds,
            Wants = (day, row) => WebhookRow.IsOf(day, row) && WebhookRow.ReadState(row) is { HasPayload: true } state && state.At >= since && state.At <= until,
        };
    }

    private Task PutAsync(ReplayItem item, TimeSpan delay, CancellationToken cancellationToken) =>
        queues.SendAsync(QueueNames.Replays, item.Encode(), delay, QueueItems.TimeToLive, cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(226, LogLevel.Information, "A replay of business {Business} has opened all its rows again.")]
        internal static partial void Done(ILogger logger, BusinessId business);

        [LoggerMessage(227, LogLevel.Error, "A replay of business {Business} could not be done within seven days and is given up.")]
        internal static partial void GivenUp(ILogger logger, BusinessId business);
    }
}
