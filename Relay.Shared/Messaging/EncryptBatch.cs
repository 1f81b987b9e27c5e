using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Telemetry;

namespace Relay.Shared.Messaging;

/// <summary>
/// Encrypts what is new in one conversation, one item after the other in memory, and makes all of it durable with the session that follows
/// in one transaction. Nothing leaves before that is saved; what can't be encrypted is ended as failed.
/// </summary>
public sealed class EncryptBatch(
    ConversationStore conversations, LookupStore lookup, ConversationDeletion deletion, AttachFile attachFile, OutboundCipher cipher, FailMessage failMessage,
    ServiceWindowRule window)
{
    /// <summary>Lost races on one session before the items go back into the queue.</summary>
    private const int MaxRaces = 10;

    /// <summary>What may leave now. Moves what turns out to be committed already from <paramref name="fresh"/> to <paramref name="repeats"/>.</summary>
    /// <exception cref="TimeoutException">Too many races were lost: try again later.</exception>
    internal async Task<List<HandOverItem>> ExecuteAsync(
        List<OutboundDelivery> fresh, List<OutboundDelivery> repeats, BusinessNumber number, CancellationToken cancellationToken)
    {
        await attachFile.ExecuteAsync(fresh, number, cancellationToken);
        for (int race = 0; fresh.Count > 0;)
        {
            using SessionSlot slot = await conversations.LoadSessionAsync(fresh[0].Key, cancellationToken);
            if ((fresh.Find(delivery => delivery.Body?.To is not null)?.Body?.To ?? slot.Content?.Peer) is not { } to)
            {
                // Receipts for a conversation whose session is gone: there is nobody left to tell.
                return [];
            }

            string lookupRow = await lookup.ReferenceAsync(number.Business, number.Id, to, cancellationToken);
            LookupAnswer led = await EnsureAsync(slot, number, to, fresh[0].Key, cancellationToken);
            fresh.RemoveAll(delivery => led.Erases(delivery.Key.Conversation, delivery.Item.Accepted));
            if (fresh.Count == 0)
            {
                return [];
            }

            bool isStale = slot.ETag is null && led.Conversation != fresh[0].Key.Conversation;
            if (isStale)
            {
                await lookup.ForgetAsync(number.Business, number.Id, to, cancellationToken);
            }

            using EncryptedBatch encrypted = new();
            await EncryptAsync(encrypted, slot, fresh, number, to, isStale, cancellationToken);
            CommitResult result = await SaveAsync(encrypted, slot, fresh[0].Key, lookupRow, cancellationToken);
            if (result.IsSaved)
            {
                RelayMetrics.SessionCommits.Add(CommitAttemptsOf.Races(race));

                // The deletion of an idle conversation may have removed the lookup row before it could see a new session. An erasure may have passed
                // before this commit: then it takes the commit back, and what nobody has seen yet is dealt with anew. What was stale before is refused, no more.
                LookupAnswer now = isStale ? led : await EnsureAsync(slot, number, to, fresh[0].Key, cancellationToken);
                if (!isStale && now.Conversation != fresh[0].Key.Conversation)
                {
                    await deletion.DeleteAllAsync(fresh[0].Key, now.ErasedAt, cancellationToken);
                    throw new TimeoutException("The conversation ended while its first message was encrypted.");
                }

                foreach (RefusedItem refused in encrypted.Refused)
                {
                    await failMessage.ExecuteAsync(refused.Work, number, refused.Message, refused.Error, cancellationToken);
                }

                return [.. encrypted.Rows.Zip(result.ETags, (row, etag) => row with { Message = row.Message.SavedAs(etag) })];
            }

            if (fresh.Find(delivery => OutboundRow.RowKey(delivery.Item.Envelope) == result.FailedRowKey) is { } repeat)
            {
                await SetRepeatsAsideAsync(fresh, repeats, repeat, cancellationToken);
            }
            else if (++race == MaxRaces)
            {
                throw new TimeoutException("Other writers were quicker too often.");
            }
        }

        return [];
    }

    /// <summary>A run that died after its commit leaves a whole batch of repeats: all are found at once, not by one failed commit each.</summary>
    private async Task SetRepeatsAsideAsync(
        List<OutboundDelivery> fresh, List<OutboundDelivery> repeats, OutboundDelivery known, CancellationToken cancellationToken)
    {
        foreach (OutboundDelivery delivery in fresh.ToArray())
        {
            if (delivery == known || await conversations.HasOutboundAsync(delivery.Key, delivery.Item.Envelope, cancellationToken))
            {
                fresh.Remove(delivery);
                repeats.Add(delivery);
            }
        }
    }

    private async Task EncryptAsync(
        EncryptedBatch batch,
        SessionSlot slot,
        List<OutboundDelivery> fresh,
        BusinessNumber number,
        PhoneNumber to,
        bool isStale,
        CancellationToken cancellationToken)
    {
        SessionSlot current = slot;
        foreach (OutboundDelivery delivery in fresh)
        {
            OutboundBody body = delivery.Body ?? throw new InvalidOperationException("A reference has nothing to encrypt.");
            if (body.To is null && slot.Content is null)
            {
                continue;
            }

            bool isInWindow = ServiceWindow.IsOpen(slot.Heard, delivery.Item.Accepted);
            GraphError? outside = isInWindow || !NeedsWindow(delivery.Item, body) ? null : Outside;
            EncryptedContent encrypted = (isStale ? Stale : delivery.Refusal ?? outside) is { } refusal
                ? EncryptedContent.Refused(refusal)
                : await cipher.EncryptAsync(current, number, to, body.Identity, body.Content, delivery.Item.IsRetryReceipt, cancellationToken);
            if (encrypted.Error is { } error)
            {
                batch.Refused.Add(new RefusedItem(delivery.Item, Message(delivery.Item, body, to, null), error));
                continue;
            }

            batch.Add(delivery.Item, Message(delivery.Item, body, to, encrypted, isInWindow), encrypted);
            current = current with { Content = encrypted.Next };
        }
    }

    private async Task<CommitResult> SaveAsync(EncryptedBatch batch, SessionSlot slot, ConversationKey key, string lookupRow, CancellationToken cancellationToken)
    {
        if (batch.Next is not { } next)
        {
            return CommitResult.Saved([]);
        }

        ConversationCommit commit = conversations.Begin(key, next.Number);
        foreach (HandOverItem row in batch.Rows)
        {
            await commit.InsertOutboundAsync(row.Message, null, cancellationToken);
        }

        await commit.PutSessionAsync(slot, next, lookupRow, cancellationToken);
        return await commit.SaveAsync(cancellationToken);
    }

    /// <summary>Which conversation the number has, and when its user was erased; asked only where there is no session: who has one was not erased.</summary>
    private async Task<LookupAnswer> EnsureAsync(SessionSlot slot, BusinessNumber number, PhoneNumber to, ConversationKey key, CancellationToken cancellationToken) =>
        slot.ETag is null
            ? await lookup.EnsureAsync(number.Business, number.Id, to, key.Conversation, cancellationToken)
            : new LookupAnswer(key.Conversation, null);

    /// <summary>Templates may be sent at any time, and receipts are no messages.</summary>
    private bool NeedsWindow(WorkItem item, OutboundBody body) =>
        window.IsEnforced && body is { To: not null, Category: MessageCategory.Service } && !item.IsRetryReceipt;

    private static GraphError Outside => GraphErrorCode.OutsideWindow.Because(
        "The user has not written to this number within 24 hours: only a template can be sent. Send one, and anything once the user has answered.");

    private static GraphError Stale => GraphErrorCode.SomethingWentWrong.Because("The conversation was deleted while the message was on its way. Send it again.");

    private static OutboundMessage Message(WorkItem item, OutboundBody body, PhoneNumber to, EncryptedContent? encrypted, bool isInWindow = false)
    {
        bool tells = body.To is not null && !item.IsRetryReceipt;
        return new OutboundMessage
        {
            Id = item.Envelope,
            State = OutboundState.Committed,
            TellsStatus = tells,
            To = to,
            CallbackData = body.CallbackData,
            Category = body.Category,
            IsSentOnly = body.IsSentOnly,
            IsInWindow = tells && isInWindow,
            EnvelopeType = encrypted?.Type,
            Ciphertext = encrypted?.Ciphertext,
            Content = tells && encrypted is not null ? body.Content : null,
            RecipientIdentity = tells ? encrypted?.RecipientIdentity : null,
        };
    }
}
