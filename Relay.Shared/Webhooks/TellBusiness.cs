using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;

namespace Relay.Shared.Webhooks;

/// <summary>
/// Tells a business's subscribers what is durable and pending: a first attempt at once, within a budget, at all of them together; what fails goes
/// to queue <c>webhooks</c> as a reference for that subscriber, so that a slow endpoint delays nobody else. Never throws for an endpoint's failure.
/// Without a subscriber the row stays pending with its payload, and nothing waits in a queue.
/// </summary>
public sealed class TellBusiness(AccountDirectory accounts, DispatchWebhook dispatch, ConversationStore conversations, TellLedger ledger, WebhookQueue queue)
{
    private static readonly Dictionary<SubscriberId, TellState> Untold = [];

    /// <summary>What the first attempt may take, so that it never holds up the queue.</summary>
    public static readonly TimeSpan InlineBudget = TimeSpan.FromSeconds(3);

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
            if (await TryTellAsync(key, rowKey, payload, row.States, cancellationToken) is { } done)
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

        IReadOnlyList<Subscription> wanted = await accounts.FindSubscribersAsync(key.Business, WebhookTopic.Read(payload), cancellationToken);
        Subscription[] again = [.. wanted.Where(one => only is null || one.Id == only)];
        if (again.Length == 0 || !await ledger.ReopenAsync(key, row, rowKey, again, cancellationToken))
        {
            return false;
        }

        foreach (Subscription subscriber in again)
        {
            await queue.PutAsync(key, rowKey, subscriber.Id, failures: 0, retryAfter: null, cancellationToken);
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
            else if (await TryTellAsync(key, row.RowKey, row.Payload, Untold, cancellationToken) is { } done)
            {
                marks.Add(done);
            }
        }

        await ledger.WriteAsync(key, marks, cancellationToken);
    }

    /// <summary>What to write when the row is done with. Null when it isn't: then what there is to write is written, and references are queued.</summary>
    private async Task<WebhookMark?> TryTellAsync(
        ConversationKey key, string rowKey, byte[] payload, IReadOnlyDictionary<SubscriberId, TellState> known, CancellationToken cancellationToken)
    {
        IReadOnlyList<Subscription> wanted = await accounts.FindSubscribersAsync(key.Business, WebhookTopic.Read(payload), cancellationToken);
        Subscription[] open = [.. wanted.Where(one => TellLedger.StateOf(known, one.Id) is null)];
        TellState[] ends = await Task.WhenAll(open.Select(one => AttemptAsync(key, rowKey, payload, one, cancellationToken)));
        Dictionary<SubscriberId, TellState> states = new(known);
        for (int i = 0; i < open.Length; i++)
        {
            states[open[i].Id] = ends[i];
        }

        if (TellLedger.IsDone(states, wanted))
        {
            return TellLedger.Done(rowKey, states, wanted) with { NotesStatus = true };
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
        DispatchResult result = await dispatch.ExecuteAsync(key, rowKey, payload, subscriber, InlineBudget, cancellationToken);
        switch (result.Outcome)
        {
            case DispatchOutcome.Delivered:
                return TellState.Told;
            case DispatchOutcome.Disabled:
                return TellState.GivenUp;
            default:
                await queue.PutAsync(key, rowKey, subscriber.Id, failures: 1, result.RetryAfter, cancellationToken);
                return TellState.Queued;
        }
    }
}
