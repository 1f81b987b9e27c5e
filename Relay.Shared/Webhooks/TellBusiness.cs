using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;

namespace Relay.Shared.Webhooks;

/// <summary>
/// Tells a business's subscribers what is durable and pending: a first attempt at once, within a budget, at all of them together; what fails, or must
/// wait for something earlier that failed, goes to queue <c>webhooks</c> as a reference for that subscriber, so that a slow endpoint delays nobody else.
/// Never throws for an endpoint's failure. Without a subscriber the row stays pending with its payload, and nothing waits in a queue.
/// </summary>
public sealed class TellBusiness(
    AccountDirectory accounts,
    DispatchWebhook dispatch,
    ConversationStore conversations,
    TellLedger ledger,
    TellBacklog backlog,
    WebhookQueue queue,
    TimeProvider time)
{
    /// <summary>Tells one row and marks it as told.</summary>
    public Task ExecuteAsync(ConversationKey key, string rowKey, byte[] payload, CancellationToken cancellationToken) =>
        ExecuteAsync(key, [], [new StatusRow(rowKey, payload)], cancellationToken);

    /// <summary>Tells one row if it is still pending: for work that is done a second time.</summary>
    public async Task ResumeAsync(ConversationKey key, string rowKey, CancellationToken cancellationToken)
    {
        if (await conversations.FindWebhookAsync(key, rowKey, cancellationToken) is not { IsPending: true } row)
        {
            return;
        }

        if (row.Payload is { } payload)
        {
            if (await TryTellAsync(key, rowKey, payload, row, cancellationToken) is { } done)
            {
                await ledger.WriteAsync(key, [done], cancellationToken);
            }

            return;
        }

        foreach (string other in row.Tell)
        {
            await ResumeAsync(key, other, cancellationToken);
        }

        await ledger.WriteAsync(key, [WebhookMark.Done(rowKey)], cancellationToken);
    }

    /// <summary>
    /// Has a row that still has its payload told once more, under the same <c>webhook-id</c>: to one subscriber, or to all that want it now,
    /// whatever became of it before. It goes by the queue and its schedule. False when the payload is gone, or nobody wants it.
    /// </summary>
    public async Task<bool> TellAgainAsync(ConversationKey key, string rowKey, SubscriberId? only, CancellationToken cancellationToken)
    {
        if (await conversations.FindWebhookAsync(key, rowKey, cancellationToken) is not { Payload: { } payload } row)
        {
            return false;
        }

        IReadOnlyList<Subscription> wanted = await accounts.FindSubscribersAsync(key.Business, WebhookTopic.Read(payload), null, [], cancellationToken);
        Subscription[] again = [.. wanted.Where(one => only is null || one.Id == only)];
        if (again.Length == 0 || !await ledger.ReopenAsync(key, row, rowKey, again, cancellationToken))
        {
            return false;
        }

        foreach (Subscription subscriber in again)
        {
            // In line, so that what is told again of one conversation goes together and in this order.
            backlog.Add(new EndpointKey(key.Business, subscriber.Id), key, rowKey, time.GetUtcNow());
            await queue.PutUntriedAsync(key, rowKey, subscriber.Id, TimeSpan.Zero, cancellationToken);
        }

        return true;
    }

    /// <summary>Tells the statuses that one receipt brought, in order, then marks them and the receipt's own row in one write.</summary>
    internal Task ExecuteAsync(ConversationKey key, string receiptRow, IReadOnlyList<StatusRow> statuses, CancellationToken cancellationToken) =>
        ExecuteAsync(key, [receiptRow], statuses, cancellationToken);

    /// <summary>Tells several rows in order, then marks them, and the rows of the receipts that brought them, in one write.</summary>
    internal async Task ExecuteAsync(
        ConversationKey key, IReadOnlyList<string> receiptRows, IReadOnlyList<StatusRow> rows, CancellationToken cancellationToken)
    {
        List<WebhookMark> marks = [.. receiptRows.Select(WebhookMark.Done)];
        foreach (StatusRow row in rows)
        {
            if (row.Payload is null)
            {
                await ResumeAsync(key, row.RowKey, cancellationToken);
            }
            else if (await TryTellAsync(key, row.RowKey, row.Payload, null, cancellationToken) is { } done)
            {
                marks.Add(done);
            }
        }

        await ledger.WriteAsync(key, marks, cancellationToken);
    }

    /// <summary>What to write when the row is done with. Null when it isn't: then what there is to write is written, and references are queued.</summary>
    /// <param name="key">The conversation.</param>
    /// <param name="rowKey">The row.</param>
    /// <param name="payload">Its body.</param>
    /// <param name="row">As it was read; null when it has just been made.</param>
    /// <param name="cancellationToken">Cancels.</param>
    private async Task<WebhookMark?> TryTellAsync(ConversationKey key, string rowKey, byte[] payload, PendingWebhook? row, CancellationToken cancellationToken)
    {
        Dictionary<SubscriberId, TellState> states = row is null ? [] : new(row.States);
        IReadOnlyList<Subscription> wanted = await accounts.FindSubscribersAsync(key.Business, WebhookTopic.Read(payload), row?.At, states.Keys, cancellationToken);
        foreach (Subscription waiting in wanted.Where(one => TellLedger.StateOf(states, one.Id) == TellState.Queued))
        {
            // Another run queued it: what comes after it here waits for it nevertheless.
            backlog.Add(new EndpointKey(key.Business, waiting.Id), key, rowKey, time.GetUtcNow());
        }

        Subscription[] open = [.. wanted.Where(one => TellLedger.StateOf(states, one.Id) is null)];
        TellState[] ends = await Task.WhenAll(open.Select(one => AttemptAsync(key, rowKey, payload, one, cancellationToken)));
        for (int i = 0; i < open.Length; i++)
        {
            states[open[i].Id] = ends[i];
        }

        if (TellLedger.IsDone(states, wanted))
        {
            return (await ledger.DoneAsync(key, rowKey, row is null ? null : row.At ?? DateTimeOffset.UnixEpoch, states, wanted, cancellationToken)) with { NotesStatus = true };
        }

        if (open.Length > 0)
        {
            await ledger.AddAsync(key, null, rowKey, states, wanted, notesStatus: true, cancellationToken);
        }

        return null;
    }

    private async Task<TellState> AttemptAsync(
        ConversationKey key, string rowKey, byte[] payload, Subscription subscriber, CancellationToken cancellationToken)
    {
        EndpointKey endpoint = new(key.Business, subscriber.Id);
        DateTimeOffset now = time.GetUtcNow();
        DispatchResult result = new(DispatchOutcome.Busy);
        DateTimeOffset due = now;
        if (!subscriber.IsDisabled && backlog.WaitUntil(endpoint, key) is { } earlier)
        {
            due = earlier > now ? earlier : now;
        }
        else
        {
            result = await dispatch.ExecuteAsync(key, rowKey, payload, subscriber, isFirst: true, cancellationToken);
        }

        switch (result.Outcome)
        {
            case DispatchOutcome.Delivered:
                return TellState.Told;
            case DispatchOutcome.Disabled:
                return TellState.GivenUp;
            case DispatchOutcome.Busy:
                backlog.Add(endpoint, key, rowKey, due);
                await queue.PutUntriedAsync(key, rowKey, subscriber.Id, due - now, cancellationToken);
                return TellState.Queued;
            default:
                backlog.Add(endpoint, key, rowKey, await queue.PutFailedAsync(key, rowKey, subscriber.Id, result.RetryAfter, cancellationToken));
                return TellState.Queued;
        }
    }
}
