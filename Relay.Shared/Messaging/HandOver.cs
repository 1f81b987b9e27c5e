using Relay.Shared.Accounts;
using Relay.Shared.Billing;
using Relay.Shared.Conversations;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Webhooks;
using Relay.Shared.Integrity;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;
using Relay.Shared.Webhooks;

namespace Relay.Shared.Messaging;

/// <summary>
/// Lets committed ciphertexts leave, one after the other, then makes <c>sent</c> durable for all of them before it is told. Always the same
/// bytes under the same id, so a repeat is dropped by the transport; the INSERT of the status row lets <c>sent</c> be told once.
/// </summary>
public sealed class HandOver(
    ConversationStore conversations, TransportClient transport, StatusWebhooks statuses, TellBusiness tell, FailMessage failMessage, BusinessStandings standings, WorkQueue queue)
{
    /// <param name="items">Messages of one conversation in the order in which they are to leave.</param>
    /// <param name="number">Who sends.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async Task ExecuteAsync(IReadOnlyList<HandOverItem> items, BusinessNumber number, CancellationToken cancellationToken)
    {
        List<HandOverItem> sent = [];
        for (int i = 0; i < items.Count; i++)
        {
            try
            {
                if (await SendAsync(items[i], number, cancellationToken))
                {
                    sent.Add(items[i]);
                }
            }
            catch (Exception e) when (DependencyFaults.IsAway(e))
            {
                // From here on a reference is enough: the row holds what is to be sent. What comes after it waits with it.
                WorkItem[] waiting = [.. items.Skip(i).Select(item => item.Work with { Body = null })];
                queue.NoteUnsent(waiting);
                await queue.RetryAsync(QueueNames.Outbound, waiting, cancellationToken);
                break;
            }
        }

        await MarkSentAsync(sent, number, cancellationToken);
    }

    /// <summary>Does what is left of a message whose ciphertext has left or is not to leave. False when it is to be handed over.</summary>
    internal async Task<bool> TryFinishAsync(WorkItem item, OutboundMessage message, CancellationToken cancellationToken)
    {
        if (message is { State: OutboundState.Committed, Ciphertext: not null } or { State: OutboundState.Sent, Retry: RetryStep.Encrypted, Ciphertext: not null })
        {
            return false;
        }

        if (message.TellsStatus)
        {
            MessageStatus status = message.State == OutboundState.Failed ? MessageStatus.Failed : MessageStatus.Sent;
            await tell.ResumeAsync(item.Key, StatusWebhooks.RowKey(message.Id, status), cancellationToken);
        }

        return true;
    }

    /// <summary>False when the transport will never take it: then it has been ended as failed.</summary>
    private async Task<bool> SendAsync(HandOverItem item, BusinessNumber number, CancellationToken cancellationToken)
    {
        if (number.Credential is not { } credential || item.Message is not { EnvelopeType: { } type, Ciphertext: { } ciphertext })
        {
            throw new InvalidOperationException("There is nothing to hand over.");
        }

        TransportResult<SendEnvelopeResponse> sent = await transport.SendAsync(
            credential, item.Message.To, item.Message.Envelope, type, ciphertext, Initiated(item.Message), cancellationToken);
        standings.Note(number.Business, sent);
        if (sent.IsSuccess)
        {
            return true;
        }

        GraphError error = TransportFailures.ToGraph(sent.Failure);
        await (item.Message.State == OutboundState.Sent
            ? failMessage.EndAsync(item.Work, number, item.Message, error, cancellationToken)
            : failMessage.ExecuteAsync(item.Work, number, item.Message, error, cancellationToken));
        return false;
    }

    /// <summary>Receipts, and what is sent again because its device could not read it, are no messages to count.</summary>
    private static string? Initiated(OutboundMessage message) => message switch
    {
        { TellsStatus: false } or { Retries: > 0 } => null,
        { IsInWindow: true } => InitiatedBy.User,
        _ => InitiatedBy.Business,
    };

    /// <summary>Guarded by the rows' ETags: a message that was ended as failed meanwhile stays failed, a receipt that was quicker stands.</summary>
    private async Task MarkSentAsync(List<HandOverItem> sent, BusinessNumber number, CancellationToken cancellationToken)
    {
        if (sent.Count == 0)
        {
            return;
        }

        ConversationCommit commit = conversations.Begin(sent[0].Work.Key, number.Id);
        List<StatusRow> rows = [];
        foreach (OutboundMessage message in sent.Select(item => item.Message))
        {
            if (message is { TellsStatus: true, State: OutboundState.Committed })
            {
                rows.Add(await statuses.AddAsync(commit, number, message, MessageStatus.Sent, null, cancellationToken));
                commit.Count(message.Id, UsageKind.Sent, message.Category);
            }

            // A receipt is never encrypted again, so nothing of it needs to stay but the mark that it went.
            commit.AdvanceOutbound(message.Id, message.ETag, OutboundState.Sent, erase: !message.TellsStatus);
        }

        if ((await commit.SaveAsync(cancellationToken)).IsSaved)
        {
            await tell.ExecuteAsync(commit.Key, [], rows, cancellationToken);
        }
        else if (sent.Count > 1)
        {
            foreach (HandOverItem one in sent)
            {
                await MarkSentAsync([one], number, cancellationToken);
            }
        }
        else if (await conversations.FindOutboundAsync(commit.Key, sent[0].Message.Id, cancellationToken) is { State: not OutboundState.Committed, Retry: RetryStep.None } now)
        {
            // Another run, or a receipt, was quicker; whoever it was may have died before telling.
            await TryFinishAsync(sent[0].Work, now, cancellationToken);
        }
    }
}
