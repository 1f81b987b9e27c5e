using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Webhooks;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;
using Relay.Shared.Webhooks;

namespace Relay.Shared.Messaging;

/// <summary>
/// Lets a committed ciphertext leave, then makes <c>sent</c> durable before it is told. Always the same bytes under the same id, so
/// a repeat is dropped by the transport; the INSERT of the status row lets <c>sent</c> be told once.
/// </summary>
public sealed class HandOver(
    ConversationStore conversations, TransportClient transport, StatusWebhooks statuses, TellBusiness tell, FailMessage failMessage, WorkQueue queue)
{
    internal async Task ExecuteAsync(WorkItem item, BusinessNumber number, OutboundMessage message, CancellationToken cancellationToken)
    {
        if (number.Credential is not { } credential || message is not { EnvelopeType: { } type, Ciphertext: { } ciphertext })
        {
            throw new InvalidOperationException("There is nothing to hand over.");
        }

        TransportResult<SendEnvelopeResponse> sent;
        try
        {
            sent = await transport.SendAsync(credential, message.To, message.Envelope, type, ciphertext, cancellationToken);
            if (!sent.IsSuccess)
            {
                GraphError error = TransportFailures.ToGraph(sent.Failure);
                await (message.State == OutboundState.Sent
                    ? failMessage.EndAsync(item, number, message, error, cancellationToken)
                    : failMessage.ExecuteAsync(item, number, message, error, cancellationToken));
                return;
            }
        }
        catch (Exception e) when (DependencyFaults.IsAway(e))
        {
            // From here on a reference is enough: the row holds what is to be sent.
            await queue.RetryAsync(QueueNames.Outbound, item with { Body = null }, cancellationToken);
            return;
        }

        await MarkSentAsync(item, number, message, cancellationToken);
    }

    /// <summary>Goes on from what an earlier run left behind.</summary>
    internal async Task ResumeAsync(WorkItem item, BusinessNumber number, OutboundMessage message, CancellationToken cancellationToken)
    {
        if (message is { State: OutboundState.Committed, Ciphertext: not null } or { State: OutboundState.Sent, Retry: RetryStep.Encrypted, Ciphertext: not null })
        {
            await ExecuteAsync(item, number, message, cancellationToken);
        }
        else if (message.TellsStatus)
        {
            MessageStatus status = message.State == OutboundState.Failed ? MessageStatus.Failed : MessageStatus.Sent;
            await tell.ResumeAsync(item.Key, StatusWebhooks.RowKey(message.Id, status), cancellationToken);
        }
    }

    /// <summary>Guarded by the row's ETag: a message that was ended as failed meanwhile stays failed, a receipt that was quicker stands.</summary>
    private async Task MarkSentAsync(WorkItem item, BusinessNumber number, OutboundMessage message, CancellationToken cancellationToken)
    {
        ConversationCommit commit = conversations.Begin(item.Key);
        StatusRow? row = message is { TellsStatus: true, State: OutboundState.Committed }
            ? await statuses.AddAsync(commit, number, message, MessageStatus.Sent, null, cancellationToken)
            : null;

        // A receipt is never encrypted again, so nothing of it needs to stay but the mark that it went.
        commit.AdvanceOutbound(message.Id, message.ETag, OutboundState.Sent, erase: !message.TellsStatus);
        CommitResult result = await commit.SaveAsync(cancellationToken);
        if (result.IsSaved && row is not null)
        {
            await tell.ExecuteAsync(item.Key, row.RowKey, row.Payload, cancellationToken);
        }
        else if (!result.IsSaved && await conversations.FindOutboundAsync(item.Key, message.Id, cancellationToken) is { State: not OutboundState.Committed, Retry: RetryStep.None } now)
        {
            // Another run, or a receipt, was quicker; whoever it was may have died before telling.
            await ResumeAsync(item, number, now, cancellationToken);
        }
    }
}
