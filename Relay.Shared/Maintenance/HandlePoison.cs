using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Erasure;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Webhooks;
using Relay.Shared.Messaging;
using Relay.Shared.Replay;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Telemetry;
using Relay.Shared.Webhooks;

namespace Relay.Shared.Maintenance;

/// <summary>
/// What reaches a poison queue does not end in silence: an outbound message becomes <c>failed</c> with a status webhook, an inbound
/// envelope is parked sealed, a webhook reference, a replay or an erasure goes back into its queue. Only what is no item of ours at all is dropped,
/// with an error that an alert can see.
/// </summary>
public sealed partial class HandlePoison(
    AccountDirectory accounts,
    ConversationStore conversations,
    FailMessage failMessage,
    TellBusiness tell,
    WorkQueue work,
    ParkedStore parked,
    EndParked endParked,
    IQueueStore queues,
    TimeProvider time,
    ILogger<HandlePoison> logger)
{
    private static readonly TimeSpan WebhookPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan ErasurePause = TimeSpan.FromMinutes(10);

    public Task OutboundAsync(string message, CancellationToken cancellationToken) =>
        OrLaterAsync(QueueNames.OutboundPoison, message, () => FailOutboundAsync(message, cancellationToken), cancellationToken);

    public Task InboundAsync(string message, CancellationToken cancellationToken) =>
        OrLaterAsync(QueueNames.InboundPoison, message, () => ParkInboundAsync(message, cancellationToken), cancellationToken);

    private async Task FailOutboundAsync(string message, CancellationToken cancellationToken)
    {
        RelayMetrics.Poison.Add(MeteredQueue.Outbound);
        if (Parse(message, WorkItem.Parse) is not { } item)
        {
            return;
        }

        Log.Outbound(logger);
        OutboundMessage? row = await conversations.FindOutboundAsync(item.Key, item.Envelope, cancellationToken) ?? await FromBodyAsync(item, cancellationToken);
        if (row is null || await accounts.FindNumberAsync(item.Key.Business, item.Number, cancellationToken) is not { } number)
        {
            return;
        }

        GraphError error = GraphErrorCode.SomethingWentWrong.Because("The message could not be processed. Send it again.");
        switch (row)
        {
            case { State: OutboundState.Committed }:
                await failMessage.ExecuteAsync(item, number, row, error, cancellationToken);
                break;
            case { State: OutboundState.Sent, Retry: not RetryStep.None }:
                // Its device could not read it and asked in vain.
                await failMessage.EndAsync(item, number, row, error, cancellationToken);
                break;
            case { TellsStatus: true }:
                // It came to its end, or left, in an earlier run: what kept failing may be the telling.
                MessageStatus status = row.State == OutboundState.Failed ? MessageStatus.Failed : MessageStatus.Sent;
                await tell.ResumeAsync(item.Key, StatusWebhooks.RowKey(row.Id, status), cancellationToken);
                break;
        }
    }

    private async Task ParkInboundAsync(string message, CancellationToken cancellationToken)
    {
        RelayMetrics.Poison.Add(MeteredQueue.Inbound);
        if (Parse(message, WorkItem.Parse) is { } item)
        {
            if (!await endParked.NoteAsync(item, cancellationToken))
            {
                Log.Ended(logger);
                return;
            }

            Log.Inbound(logger);
            await parked.ParkAsync(item.Key.Business, item.Id, QueueNames.Inbound, message, time.GetUtcNow(), RetrySchedule.AfterParking(item.Parks), cancellationToken);
        }
    }

    public async Task WebhooksAsync(string message, CancellationToken cancellationToken)
    {
        RelayMetrics.Poison.Add(MeteredQueue.Webhooks);
        if (Parse(message, WebhookItem.Parse) is not { } item)
        {
            return;
        }

        if (time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(item.Since) < RetrySchedule.WebhookLife)
        {
            await queues.SendAsync(QueueNames.Webhooks, item.Encode(), WebhookPause, QueueItems.TimeToLive, cancellationToken);
        }
    }

    public async Task ReplaysAsync(string message, CancellationToken cancellationToken)
    {
        RelayMetrics.Poison.Add(MeteredQueue.Replays);
        if (Parse(message, ReplayItem.Parse) is not { } item)
        {
            return;
        }

        // It ends by its age (ReplayWebhooks), with a word in the log.
        await queues.SendAsync(QueueNames.Replays, item.Encode(), WebhookPause, QueueItems.TimeToLive, cancellationToken);
    }

    public async Task ErasuresAsync(string message, CancellationToken cancellationToken)
    {
        RelayMetrics.Poison.Add(MeteredQueue.Erasures);
        if (Parse(message, ErasureItem.Parse) is not { } item)
        {
            return;
        }

        // Somebody was promised it: it is tried for as long as there may be anything to erase.
        Log.Erasure(logger);
        if (time.GetUtcNow() - item.At < Retention.MaxAge)
        {
            await queues.SendAsync(QueueNames.Erasures, item.Encode(), ErasurePause, QueueItems.TimeToLive, cancellationToken);
        }
    }

    /// <summary>
    /// The host runs a poison function no more than <c>maxDequeueCount</c> times and then leaves its message lying: while a dependency
    /// is away, the message goes back as a new one.
    /// </summary>
    private async Task OrLaterAsync(string queue, string message, Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (DependencyFaults.IsAway(e))
        {
            await queues.SendAsync(queue, message, RetrySchedule.AfterDependencyFailure(5), QueueItems.TimeToLive, cancellationToken);
        }
    }

    private async Task<OutboundMessage?> FromBodyAsync(WorkItem item, CancellationToken cancellationToken)
    {
        if (item.Body is null || await work.OpenAsync(QueueNames.Outbound, item, cancellationToken) is not { } opened)
        {
            return null;
        }

        OutboundBody body = OutboundBody.Decode(opened);
        return body.To is null
            ? null
            : new OutboundMessage
            {
                Id = item.Envelope,
                State = OutboundState.Committed,
                TellsStatus = !item.IsRetryReceipt,
                To = body.To,
                CallbackData = body.CallbackData,
            };
    }

    /// <summary>Null for what is no item of ours: said and dropped.</summary>
    private T? Parse<T>(string message, Func<string, T> parse)
        where T : class
    {
        try
        {
            return parse(message);
        }
        catch (InvalidDataException)
        {
            Log.NotOurs(logger);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(311, LogLevel.Error, "An outbound message kept failing and is told as failed.")]
        internal static partial void Outbound(ILogger logger);

        [LoggerMessage(312, LogLevel.Error, "An inbound envelope kept failing and is parked.")]
        internal static partial void Inbound(ILogger logger);

        [LoggerMessage(319, LogLevel.Error, "An inbound envelope kept failing until its number's own retention was over; it is dropped.")]
        internal static partial void Ended(ILogger logger);

        [LoggerMessage(316, LogLevel.Error, "An erasure kept failing; it is tried again.")]
        internal static partial void Erasure(ILogger logger);

        [LoggerMessage(313, LogLevel.Error, "A poison message is not one of ours and is dropped.")]
        internal static partial void NotOurs(ILogger logger);
    }
}
