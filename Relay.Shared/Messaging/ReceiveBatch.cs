using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Content;
using Relay.Shared.Conversations;
using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Signal;
using Relay.Shared.Storage;
using Relay.Shared.Telemetry;
using Relay.Shared.Webhooks;

namespace Relay.Shared.Messaging;

/// <summary>
/// The envelopes of one conversation that were taken together: one read of its session, one commit for all that decrypt one after the
/// other and bring a message or a receipt, then all of it is told, in order. What opens a session, is asked for again, can't be decrypted or
/// was here before is dealt with alone, at its place in the order.
/// </summary>
public sealed partial class ReceiveBatch(
    AccountDirectory accounts,
    ConversationStore conversations,
    LookupStore lookup,
    InboundCipher cipher,
    InboundCommit inbox,
    ReceiveEnvelope receiveEnvelope,
    TellBusiness tell,
    WorkQueue queue,
    TimeProvider time,
    ILogger<ReceiveBatch> logger)
{
    /// <summary>After which no further envelope is begun: it may bring a file that takes minutes, and the host ends a function after five.</summary>
    internal static readonly TimeSpan Budget = TimeSpan.FromMinutes(1);

    internal async Task ExecuteAsync(IReadOnlyList<InboundDelivery> batch, CancellationToken cancellationToken)
    {
        DateTimeOffset end = time.GetUtcNow() + Budget;
        WorkItem first = batch[0].Item;
        if (await accounts.FindNumberAsync(first.Key.Business, first.Number, cancellationToken) is not { } number)
        {
            Log.NumberGone(logger);
            return;
        }

        List<InboundDelivery> opened = [];
        foreach (InboundDelivery delivery in batch)
        {
            if (await TryOpenAsync(delivery, number, cancellationToken))
            {
                opened.Add(delivery);
            }
            else
            {
                Log.Expired(logger);
            }
        }

        for (int done = 0; done < opened.Count;)
        {
            InboundDelivery[] left = [.. opened.Skip(done)];
            if (done > 0 && time.GetUtcNow() >= end)
            {
                await queue.RetryAsync(QueueNames.Inbound, left.Select(later => later.Item), cancellationToken);
                return;
            }

            int together = left.Length > 1 ? await TryTogetherAsync(left, number, end, cancellationToken) : 0;
            if (together == 0)
            {
                await receiveEnvelope.ExecuteAsync(left[0].Item, left[0].Body, number, cancellationToken);
            }

            done += Math.Max(together, 1);
        }
    }

    /// <summary>False when the key that the body lies under was destroyed.</summary>
    private async Task<bool> TryOpenAsync(InboundDelivery delivery, BusinessNumber number, CancellationToken cancellationToken)
    {
        if (queue.IsExpired(delivery.Item, number) || await queue.OpenAsync(QueueNames.Inbound, delivery.Item, cancellationToken) is not { } opened)
        {
            return false;
        }

        delivery.Body = InboundBody.Decode(opened);
        return true;
    }

    /// <summary>How many from the first on were dealt with in one commit; 0 when the first must be dealt with alone, or a race was lost.</summary>
    private async Task<int> TryTogetherAsync(
        InboundDelivery[] left, BusinessNumber number, DateTimeOffset end, CancellationToken cancellationToken)
    {
        using SessionSlot slot = await conversations.LoadSessionAsync(left[0].Key, cancellationToken);
        if (slot.Content is null)
        {
            return 0;
        }

        using DecryptedBatch decrypted = new(conversations.Begin(left[0].Key, number.Id));
        SessionSlot current = slot;
        foreach (InboundDelivery delivery in left)
        {
            if ((decrypted.Entries.Count > 0 && time.GetUtcNow() >= end)
                || await DecryptAsync(current, number, delivery, cancellationToken) is not { } next)
            {
                break;
            }

            decrypted.Keep(next);
            if (DeviceContentCodec.Decode(next.Plaintext) is not { } content || !decrypted.TryReserve(delivery, content))
            {
                break;
            }

            decrypted.Entries.Add(await inbox.AddAsync(
                decrypted.Commit, delivery.Item, number, next.Session, content, default, unread: null, cancellationToken));
            decrypted.Next = next.Session;
            current = slot with { Content = next.Session };
        }

        if (decrypted.Next is not { } session)
        {
            return 0;
        }

        string lookupRow = await lookup.ReferenceAsync(number.Business, number.Id, session.Peer, cancellationToken);
        await decrypted.Commit.PutSessionAsync(slot, session, lookupRow, cancellationToken);
        if (!(await decrypted.Commit.SaveAsync(cancellationToken)).IsSaved)
        {
            return 0;
        }

        RelayMetrics.SessionCommits.Add(CommitAttempts.One);
        inbox.Count(number, decrypted.Entries);
        await tell.ExecuteAsync(left[0].Key, [.. decrypted.Marks], [.. decrypted.Told], cancellationToken);
        return decrypted.Entries.Count;
    }

    /// <summary>Null for what is to be dealt with alone.</summary>
    private async Task<DecryptedContent?> DecryptAsync(SessionSlot slot, BusinessNumber number, InboundDelivery delivery, CancellationToken cancellationToken)
    {
        DecryptResult? result = await cipher.DecryptAsync(slot, number, delivery.Item, delivery.Body, cancellationToken);
        if (result is not { IsSuccess: true, Plaintext: { } plaintext, Next: { } next })
        {
            return null;
        }

        if (result.Opened is null)
        {
            return new DecryptedContent(plaintext, new SessionContent(number.Id, delivery.Body.From, next));
        }

        next.Dispose();
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(212, LogLevel.Warning, "An inbound item's number is not there any more.")]
        internal static partial void NumberGone(ILogger logger);

        [LoggerMessage(213, LogLevel.Information, "An inbound item outlived its key.")]
        internal static partial void Expired(ILogger logger);
    }
}
