using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;

namespace Relay.Shared.Webhooks;

/// <summary>
/// Queue <c>webhooks</c>: tells one subscriber a pending row again; a failing endpoint gets the next delay of the schedule, for seven days. The row
/// decides: told means done, so a repeat tells nothing twice that was marked.
/// </summary>
public sealed partial class RetryWebhook(
    AccountDirectory accounts, DispatchWebhook dispatch, ConversationStore conversations, TellLedger ledger, WebhookQueue queue, ILogger<RetryWebhook> logger)
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(15);

    public async Task ExecuteAsync(string message, CancellationToken cancellationToken)
    {
        WebhookItem item = WebhookItem.Parse(message);
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
        if (await conversations.FindWebhookAsync(item.Key, item.Row, cancellationToken) is not { IsPending: true, Payload: { } payload } row
            || TellLedger.StateOf(row.States, item.Subscriber) is TellState.Told or TellState.GivenUp)
        {
            return;
        }

        IReadOnlyList<Subscription> wanted = await accounts.FindSubscribersAsync(item.Key.Business, WebhookTopic.Read(payload), cancellationToken);
        Subscription? subscriber = wanted.FirstOrDefault(one => one.Id == item.Subscriber || (one.Id.IsCallback && item.Subscriber.IsCallback));
        DispatchResult result = subscriber is null
            ? new DispatchResult(DispatchOutcome.Disabled)
            : await dispatch.ExecuteAsync(item.Key, item.Row, payload, subscriber, Budget, cancellationToken);
        if (result.Outcome == DispatchOutcome.Failed)
        {
            if (await queue.TryAgainAsync(item, result.RetryAfter, cancellationToken))
            {
                return;
            }

            Log.GivenUp(logger, item.Key.Business);
        }

        TellState end = result.Outcome == DispatchOutcome.Delivered ? TellState.Told : TellState.GivenUp;
        Dictionary<SubscriberId, TellState> news = new() { [item.Subscriber] = TellState.GivenUp };
        news[subscriber?.Id ?? item.Subscriber] = end;
        await ledger.AddAsync(item.Key, row, item.Row, news, wanted, notesStatus: false, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(222, LogLevel.Error, "A webhook of business {Business} was tried for seven days and is given up; its payload stays until its day ends.")]
        internal static partial void GivenUp(ILogger logger, BusinessId business);
    }
}
