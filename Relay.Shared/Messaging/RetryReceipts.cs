using Relay.Shared.Accounts;
using Relay.Shared.Content;
using Relay.Shared.Conversations;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Webhooks;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Storage;

namespace Relay.Shared.Messaging;

/// <summary>
/// What can't be decrypted is asked for again (spec/storage.md §2, §3): the relay asks a device in a fresh session, and answers a device's
/// asking with the same content, encrypted again for the identity that it was meant for, at most three times.
/// </summary>
public sealed class RetryReceipts(ConversationStore conversations, StatusWebhooks statuses, WorkQueue queue, TimeProvider time)
{
    /// <summary>Whether an envelope with this outcome is worth asking for again.</summary>
    internal static bool CanHelp(SessionOutcome outcome) =>
        outcome is not (SessionOutcome.Success or SessionOutcome.Duplicate or SessionOutcome.Malformed or SessionOutcome.UntrustedIdentity);

    /// <summary>Asks the sender of an envelope for its content. A repeat asks under the same id, so once.</summary>
    internal Task AskAsync(WorkItem unread, BusinessNumber number, PhoneNumber sender, CancellationToken cancellationToken)
    {
        EnvelopeId id = unread.Envelope.OfRetryReceipt();
        DateTimeOffset now = time.GetUtcNow();
        DeviceContent content = new()
        {
            Id = id.Hex,
            Timestamp = now.ToUnixTimeSeconds(),
            Receipt = new ContentReceipt(ContentReceipt.Retry, [unread.Envelope.Hex]),
        };
        WorkItem item = AcceptMessage.Item(number, unread.Key.Conversation, id, now) with { IsRetryReceipt = true };
        return queue.PutAsync(QueueNames.Outbound, item, new OutboundBody(sender, null, DeviceContentCodec.Encode(content)).Encode(), cancellationToken);
    }

    /// <summary>
    /// Writes into a commit what a device's retry receipt asks for; says which messages are to be encrypted again once it is saved. A
    /// message that may not be is ended as failed.
    /// </summary>
    internal async Task<IReadOnlyList<string>> AddAsync(
        ConversationCommit commit, BusinessNumber number, SessionRecord session, ContentReceipt receipt, List<StatusRow> told, CancellationToken cancellationToken)
    {
        List<string> again = [];
        foreach (string text in receipt.Ids.Distinct())
        {
            if (!EnvelopeId.TryParse(text, out EnvelopeId envelope)
                || await conversations.FindByEnvelopeAsync(commit.Key, envelope, cancellationToken) is not
                    { State: OutboundState.Committed or OutboundState.Sent, Content: not null, TellsStatus: true } message
                || again.Contains(message.Id.Hex))
            {
                continue;
            }

            if (Refusal(message, session) is { } error)
            {
                told.Add(await statuses.AddAsync(commit, number, message, MessageStatus.Failed, error, cancellationToken));
                commit.AdvanceOutbound(message.Id, message.ETag, OutboundState.Failed, erase: true);
                continue;
            }

            commit.AskAgain(message);
            again.Add(message.Id.Hex);
        }

        return again;
    }

    /// <summary>Queues the messages that a saved receipt asked for. A repeat finds nothing left to do.</summary>
    internal async Task ResendAsync(WorkItem receipt, IReadOnlyList<string> messages, CancellationToken cancellationToken)
    {
        foreach (string id in messages)
        {
            await queue.PutReferenceAsync(QueueNames.Outbound, receipt with { Id = id, Attempt = 0 }, cancellationToken);
        }
    }

    private static GraphError? Refusal(OutboundMessage message, SessionRecord session) => message switch
    {
        { RecipientIdentity: { } identity } when !session.RemoteIdentity.Serialized.SequenceEqual(identity) =>
            GraphErrorCode.IdentityChanged.Because("The recipient has another device than the one that the message was encrypted for. Send it again."),
        { Retries: >= EnvelopeId.MaxRetries } =>
            GraphErrorCode.Undeliverable.Because($"The recipient's device could not decrypt the message, also after {EnvelopeId.MaxRetries} more tries."),
        _ => null,
    };
}
