using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Messaging;

/// <summary>
/// The outbound items of one conversation that were taken together: one read of its session, one commit for all that is new, then all
/// ciphertexts in the order of acceptance. What an earlier run has committed goes on from its row.
/// </summary>
public sealed class DeliverBatch(
    ConversationStore conversations,
    LookupStore lookup,
    OutboundCipher cipher,
    HandOver handOver,
    FailMessage failMessage,
    EncryptAgain encryptAgain,
    EndOverdue endOverdue,
    WorkQueue queue)
{
    /// <summary>Lost races on one session before the items go back into the queue.</summary>
    private const int MaxRaces = 10;

    /// <exception cref="TimeoutException">Too many races were lost: try again later.</exception>
    internal async Task ExecuteAsync(IReadOnlyList<OutboundDelivery> batch, BusinessNumber number, CancellationToken cancellationToken)
    {
        List<OutboundDelivery> fresh = [];
        List<OutboundDelivery> repeats = [];
        foreach (OutboundDelivery delivery in batch)
        {
            if (queue.IsOverdue(delivery.Item))
            {
                await endOverdue.ExecuteAsync(delivery, number, cancellationToken);
            }
            else
            {
                (delivery.Body is null ? repeats : fresh).Add(delivery);
            }
        }

        List<HandOverItem> ready = await CommitAsync(fresh, repeats, number, cancellationToken);
        foreach (OutboundDelivery repeat in repeats)
        {
            if (await FindAsync(repeat.Item, number, cancellationToken) is { } row && !await handOver.TryFinishAsync(repeat.Item, row, cancellationToken))
            {
                ready.Add(new HandOverItem(repeat.Item, row));
            }
        }

        await handOver.ExecuteAsync([.. ready.OrderBy(one => one.Work.AcceptedAt)], number, cancellationToken);
    }

    /// <summary>Commits what is new; moves what turns out to be committed already to the repeats.</summary>
    private async Task<List<HandOverItem>> CommitAsync(
        List<OutboundDelivery> fresh, List<OutboundDelivery> repeats, BusinessNumber number, CancellationToken cancellationToken)
    {
        for (int race = 0; fresh.Count > 0;)
        {
            using SessionSlot slot = await conversations.LoadSessionAsync(fresh[0].Key, cancellationToken);
            if ((fresh.Find(delivery => delivery.Body?.To is not null)?.Body?.To ?? slot.Content?.Peer) is not { } to)
            {
                // Receipts for a conversation whose session is gone: there is nobody left to tell.
                return [];
            }

            string lookupRow = await lookup.RowKeyAsync(number.Business, number.Id, to, cancellationToken);
            bool isStale = slot.ETag is null && !await EnsureAsync(number, lookupRow, fresh[0].Key, cancellationToken);
            using EncryptedBatch encrypted = new();
            await EncryptAsync(encrypted, slot, fresh, number, to, isStale, cancellationToken);
            CommitResult result = await SaveAsync(encrypted, slot, fresh[0].Key, lookupRow, cancellationToken);
            if (result.IsSaved)
            {
                if (slot.ETag is null)
                {
                    // The deletion of an idle conversation may have removed the lookup row before it could see this session.
                    await EnsureAsync(number, lookupRow, fresh[0].Key, cancellationToken);
                }

                foreach (RefusedItem refused in encrypted.Refused)
                {
                    await failMessage.ExecuteAsync(refused.Work, number, refused.Message, refused.Error, cancellationToken);
                }

                return [.. encrypted.Rows.Zip(result.ETags, (row, etag) => row with { Message = row.Message.SavedAs(etag) })];
            }

            if (fresh.Find(delivery => OutboundRow.RowKey(delivery.Item.Envelope) == result.FailedRowKey) is { } repeat)
            {
                fresh.Remove(repeat);
                repeats.Add(repeat);
            }
            else if (++race == MaxRaces)
            {
                throw new TimeoutException("Other writers were quicker too often.");
            }
        }

        return [];
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

            EncryptedContent encrypted = isStale
                ? EncryptedContent.Refused(Stale)
                : await cipher.EncryptAsync(current, number, to, body.Identity, body.Content, delivery.Item.IsRetryReceipt, cancellationToken);
            if (encrypted.Error is { } error)
            {
                batch.Refused.Add(new RefusedItem(delivery.Item, Message(delivery.Item, body, to, null), error));
                continue;
            }

            batch.Add(delivery.Item, Message(delivery.Item, body, to, encrypted), encrypted);
            current = current with { Content = encrypted.Next };
        }
    }

    private async Task<CommitResult> SaveAsync(EncryptedBatch batch, SessionSlot slot, ConversationKey key, string lookupRow, CancellationToken cancellationToken)
    {
        if (batch.Next is not { } next)
        {
            return CommitResult.Saved([]);
        }

        ConversationCommit commit = conversations.Begin(key);
        foreach (HandOverItem row in batch.Rows)
        {
            await commit.InsertOutboundAsync(row.Message, null, cancellationToken);
        }

        await commit.PutSessionAsync(slot, next, lookupRow, cancellationToken);
        return await commit.SaveAsync(cancellationToken);
    }

    /// <summary>False when the number has another conversation by now.</summary>
    private async Task<bool> EnsureAsync(BusinessNumber number, string lookupRow, ConversationKey key, CancellationToken cancellationToken) =>
        await lookup.EnsureAsync(number.Business, lookupRow, key.Conversation, cancellationToken) == key.Conversation;

    private async Task<OutboundMessage?> FindAsync(WorkItem item, BusinessNumber number, CancellationToken cancellationToken)
    {
        OutboundMessage? row = await conversations.FindOutboundAsync(item.Key, item.Envelope, cancellationToken);
        return row is { Retry: RetryStep.Asked } ? await encryptAgain.ExecuteAsync(item, number, row, cancellationToken) : row;
    }

    private static GraphError Stale => GraphErrorCode.SomethingWentWrong.Because("The conversation was deleted while the message was on its way. Send it again.");

    private static OutboundMessage Message(WorkItem item, OutboundBody body, PhoneNumber to, EncryptedContent? encrypted)
    {
        bool tells = body.To is not null && !item.IsRetryReceipt;
        return new OutboundMessage
        {
            Id = item.Envelope,
            State = OutboundState.Committed,
            TellsStatus = tells,
            To = to,
            CallbackData = body.CallbackData,
            EnvelopeType = encrypted?.Type,
            Ciphertext = encrypted?.Ciphertext,
            Content = tells && encrypted is not null ? body.Content : null,
            RecipientIdentity = tells ? encrypted?.RecipientIdentity : null,
        };
    }
}
