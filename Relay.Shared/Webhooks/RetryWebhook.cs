using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Telemetry;

namespace Relay.Shared.Webhooks;

/// <summary>
/// Queue <c>webhooks</c>: tells one subscriber a pending row again; a failing endpoint gets the next delay of the schedule, for seven days. The row
/// decides: told means done, so a repeat tells nothing twice that was marked. What waits for the same subscriber in the same conversation is told in
/// order: what is before it first, and once the endpoint answers, all the rest.
/// </summary>
public sealed partial class RetryWebhook(
    AccountDirectory accounts,
    DispatchWebhook dispatch,
    ConversationStore conversations,
    TellLedger ledger,
    TellBacklog backlog,
    WebhookQueue queue,
    TimeProvider time,
    ILogger<RetryWebhook> logger)
{
    /// <summary>What one handler tells of a line at most: each may take 15 s.</summary>
    private const int MaxInLine = 16;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task ExecuteAsync(string message, CancellationToken cancellationToken)
    {
        WebhookItem item = WebhookItem.Parse(message);
        RelayMetrics.QueueAge.Record(MeteredQueue.Webhooks, time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(item.Since));
        try
        {
            await TellAsync(item, cancellationToken);
        }
        catch (Exception e) when (DependencyFaults.IsAway(e))
        {
            // Storage is away, not the endpoint: the same attempt again.
            await queue.PutBackAsync(item, RetrySchedule.AfterDependencyFailure(1), cancellationToken);
        }
    }

    private async Task TellAsync(WebhookItem item, CancellationToken cancellationToken)
    {
        if (await ReadAsync(item.Key, item.Row, item.Subscriber, cancellationToken) is not { } row)
        {
            return;
        }

        if (row.Subscriber is not { IsDisabled: false } subscriber)
        {
            await EndAsync(item.Key, row, item.Subscriber, TellState.GivenUp, cancellationToken);
            return;
        }

        EndpointKey endpoint = new(item.Key.Business, subscriber.Id);
        using IDisposable? turn = backlog.TryLead(endpoint, item.Key);
        if (turn is null)
        {
            await queue.PutBackAsync(item, Pause, cancellationToken);
            return;
        }

        if (await WaitAsync(endpoint, item, cancellationToken) is { } wait)
        {
            backlog.Defer(endpoint, item.Key, item.Row, time.GetUtcNow() + wait);
            await queue.PutBackAsync(item, wait, cancellationToken);
            return;
        }

        if (await AttemptAsync(endpoint, item, row, subscriber, cancellationToken))
        {
            for (int told = 1; told < MaxInLine && backlog.First(endpoint, item.Key) is { } next; told++)
            {
                if (!await TellNextAsync(endpoint, item.Key, next.RowKey, cancellationToken))
                {
                    return;
                }
            }
        }
    }

    /// <summary>Tells what is before an item, as far as it is due. How long the item has to wait; null when nothing is before it any more.</summary>
    private async Task<TimeSpan?> WaitAsync(EndpointKey endpoint, WebhookItem item, CancellationToken cancellationToken)
    {
        for (int told = 0; backlog.Before(endpoint, item.Key, item.Row) is { } earlier; told++)
        {
            TimeSpan wait = earlier.Due - time.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                return wait;
            }

            if (told == MaxInLine || !await TellNextAsync(endpoint, item.Key, earlier.RowKey, cancellationToken))
            {
                return Pause;
            }
        }

        return null;
    }

    /// <summary>True when the endpoint took it.</summary>
    private async Task<bool> AttemptAsync(EndpointKey endpoint, WebhookItem item, OpenRow row, Subscription subscriber, CancellationToken cancellationToken)
    {
        DispatchResult result = await dispatch.ExecuteAsync(item.Key, item.Row, row.Payload, subscriber, isFirst: false, cancellationToken);
        if (result.Outcome == DispatchOutcome.Busy)
        {
            await queue.PutBackAsync(item, Pause, cancellationToken);
            return false;
        }

        if (result.Outcome == DispatchOutcome.Failed)
        {
            if (await queue.TryAgainAsync(item, result.RetryAfter, cancellationToken) is { } due)
            {
                backlog.Defer(endpoint, item.Key, item.Row, due);
                return false;
            }

            Log.GivenUp(logger, item.Key.Business);
        }

        bool isTold = result.Outcome == DispatchOutcome.Delivered;
        await EndAsync(item.Key, row, item.Subscriber, isTold ? TellState.Told : TellState.GivenUp, cancellationToken);
        backlog.Remove(endpoint, item.Key, item.Row);
        return isTold;
    }

    /// <summary>Tells a row that has a queue message of its own, which then finds it told. False when the endpoint failed.</summary>
    private async Task<bool> TellNextAsync(EndpointKey endpoint, ConversationKey key, string rowKey, CancellationToken cancellationToken)
    {
        if (await ReadAsync(key, rowKey, endpoint.Subscriber, cancellationToken) is { Subscriber: { IsDisabled: false } subscriber } row)
        {
            DispatchResult result = await dispatch.ExecuteAsync(key, rowKey, row.Payload, subscriber, isFirst: false, cancellationToken);
            if (result.Outcome != DispatchOutcome.Delivered)
            {
                return false;
            }

            await EndAsync(key, row, endpoint.Subscriber, TellState.Told, cancellationToken);
        }

        backlog.Remove(endpoint, key, rowKey);
        return true;
    }

    /// <summary>A row that a subscriber is still to be told, and who that is now; null when there is nothing to do.</summary>
    private async Task<OpenRow?> ReadAsync(ConversationKey key, string rowKey, SubscriberId id, CancellationToken cancellationToken)
    {
        if (await conversations.FindWebhookAsync(key, rowKey, cancellationToken) is not { IsPending: true, Payload: { } payload } row
            || TellLedger.StateOf(row.States, id) is TellState.Told or TellState.GivenUp)
        {
            return null;
        }

        IReadOnlyList<Subscription> wanted = await accounts.FindSubscribersAsync(key.Business, WebhookTopic.Read(payload), row.At, [.. row.States.Keys], cancellationToken);
        return new OpenRow(row, payload, wanted, wanted.FirstOrDefault(one => one.Id == id || (one.Id.IsCallback && id.IsCallback)));
    }

    /// <summary>The callback may go by another route now than when the row was queued: then the old one is ended, and the new one counts.</summary>
    private Task EndAsync(ConversationKey key, OpenRow row, SubscriberId asked, TellState end, CancellationToken cancellationToken)
    {
        Dictionary<SubscriberId, TellState> news = new() { [asked] = TellState.GivenUp };
        news[row.Subscriber?.Id ?? asked] = end;
        return ledger.AddAsync(key, row.Row, row.Row.RowKey, news, row.Wanted, notesStatus: false, cancellationToken);
    }

    private sealed record OpenRow(PendingWebhook Row, byte[] Payload, IReadOnlyList<Subscription> Wanted, Subscription? Subscriber);

    private static partial class Log
    {
        [LoggerMessage(222, LogLevel.Error, "A webhook of business {Business} was tried for seven days and is given up; its payload stays until its day ends.")]
        internal static partial void GivenUp(ILogger logger, BusinessId business);
    }
}
