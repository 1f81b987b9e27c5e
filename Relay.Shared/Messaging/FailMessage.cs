using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Webhooks;
using Relay.Shared.Webhooks;

namespace Relay.Shared.Messaging;

/// <summary>Ends a message that can't be delivered: durable as failed, then told with its error. Never in silence, never twice.</summary>
public sealed class FailMessage(ConversationStore conversations, LookupStore lookup, StatusWebhooks statuses, TellBusiness tell)
{
    internal async Task ExecuteAsync(
        WorkItem item, BusinessNumber number, OutboundMessage message, GraphError error, CancellationToken cancellationToken)
    {
        (bool saved, StatusRow? row) = await CommitAsync(item, number, message, error, insert: true, cancellationToken);
        if (!saved)
        {
            (saved, row) = await CommitAsync(item, number, message, error, insert: false, cancellationToken);
        }

        if (saved && row is not null)
        {
            await tell.ExecuteAsync(item.Key, row.RowKey, row.Payload, cancellationToken);
        }
        else if (message.TellsStatus)
        {
            await tell.ResumeAsync(item.Key, StatusWebhooks.RowKey(message.Id, MessageStatus.Failed), cancellationToken);
        }
    }

    /// <summary>Not saved when the message row is there already (<paramref name="insert"/>), or when it has been failed before.</summary>
    private async Task<(bool Saved, StatusRow? Row)> CommitAsync(
        WorkItem item, BusinessNumber number, OutboundMessage message, GraphError error, bool insert, CancellationToken cancellationToken)
    {
        ConversationCommit commit = conversations.Begin(item.Key);
        if (insert)
        {
            string lookupRow = await lookup.RowKeyAsync(number.Business, number.Id, message.To, cancellationToken);
            await commit.InsertOutboundAsync(Failed(message), lookupRow, cancellationToken);
        }
        else
        {
            commit.AdvanceOutbound(message.Id, null, OutboundState.Failed, erase: true);
        }

        StatusRow? row = message.TellsStatus
            ? await statuses.AddAsync(commit, number, message, MessageStatus.Failed, error, cancellationToken)
            : null;
        return ((await commit.SaveAsync(cancellationToken)).IsSaved, row);
    }

    private static OutboundMessage Failed(OutboundMessage message) => new()
    {
        Id = message.Id,
        State = OutboundState.Failed,
        TellsStatus = message.TellsStatus,
        To = message.To,
        CallbackData = message.CallbackData,
    };
}
