using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Webhooks;
using Relay.Shared.Telemetry;
using Relay.Shared.Webhooks;

namespace Relay.Shared.Messaging;

/// <summary>Ends a message that can't be delivered: durable as failed, then told with its error. Never in silence, never twice.</summary>
public sealed class FailMessage(ConversationStore conversations, LookupStore lookup, ConversationDeletion deletion, StatusWebhooks statuses, TellBusiness tell)
{
    internal async Task ExecuteAsync(
        WorkItem item, BusinessNumber number, OutboundMessage message, GraphError error, CancellationToken cancellationToken)
    {
        (bool saved, StatusRow? row) = await CommitAsync(item, number, message, error, existing: null, cancellationToken);
        if (!saved && await conversations.FindOutboundAsync(item.Key, message.Id, cancellationToken) is { State: OutboundState.Committed } existing)
        {
            (saved, row) = await CommitAsync(item, number, message, error, existing, cancellationToken);
        }

        if (saved && row is not null)
        {
            await tell.ExecuteAsync(item.Key, [], [row], cancellationToken);
        }
        else if (message.TellsStatus)
        {
            await tell.ResumeAsync(item.Key, StatusWebhooks.RowKey(message.Id, MessageStatus.Failed), cancellationToken);
        }
    }

    /// <summary>Ends a stored message, also one that was told as sent: its device could not read it. Nothing happens when it has moved on since.</summary>
    internal async Task EndAsync(WorkItem item, BusinessNumber number, OutboundMessage message, GraphError error, CancellationToken cancellationToken)
    {
        (bool saved, StatusRow? row) = await CommitAsync(item, number, message, error, message, cancellationToken);
        if (saved && row is not null)
        {
            await tell.ExecuteAsync(item.Key, [], [row], cancellationToken);
        }
    }

    /// <summary>Not saved when there is a message row but no <paramref name="existing"/> one was given, or when that has moved on since.</summary>
    private async Task<(bool Saved, StatusRow? Row)> CommitAsync(
        WorkItem item, BusinessNumber number, OutboundMessage message, GraphError error, OutboundMessage? existing, CancellationToken cancellationToken)
    {
        ConversationCommit commit = conversations.Begin(item.Key, item.Number);
        if (existing is null)
        {
            // Nothing is written about a user who was erased after this was accepted.
            if ((await LedAsync(item, number, message, cancellationToken)).Erases(item.Key.Conversation, item.Accepted))
            {
                return (false, null);
            }

            message = Failed(message, item.Accepted);
            string lookupRow = await lookup.ReferenceAsync(number.Business, number.Id, message.To, cancellationToken);
            await commit.InsertOutboundAsync(message, lookupRow, cancellationToken);
        }
        else
        {
            commit.AdvanceOutbound(message.Id, existing.ETag, OutboundState.Failed, erase: true);
        }

        StatusRow? row = message.TellsStatus
            ? await statuses.AddAsync(commit, number, message, MessageStatus.Failed, error, cancellationToken)
            : null;
        bool saved = (await commit.SaveAsync(cancellationToken)).IsSaved;
        if (saved && existing is null
            && await LedAsync(item, number, message, cancellationToken) is var led && led.Erases(item.Key.Conversation, item.Accepted))
        {
            // The erasure passed before this commit.
            await deletion.DeleteAllAsync(item.Key, led.ErasedAt, cancellationToken);
            return (false, null);
        }

        if (saved && row is not null)
        {
            RelayMetrics.Failed.Add(error.Code);
        }

        return (saved, row);
    }

    private Task<LookupAnswer> LedAsync(WorkItem item, BusinessNumber number, OutboundMessage message, CancellationToken cancellationToken) =>
        lookup.PeekAsync(number.Business, number.Id, message.To, cancellationToken);

    private static OutboundMessage Failed(OutboundMessage message, DateTimeOffset accepted) => new()
    {
        Accepted = accepted,
        Id = message.Id,
        State = OutboundState.Failed,
        TellsStatus = message.TellsStatus,
        To = message.To,
        CallbackData = message.CallbackData,
    };
}
