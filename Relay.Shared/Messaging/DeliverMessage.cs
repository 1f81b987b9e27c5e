using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Messaging;

/// <summary>
/// Queue <c>outbound</c>: encrypt, commit, then let the ciphertext leave (spec/storage.md §2). May run twice, concurrently, or die
/// anywhere: the session's ETag lets each ratchet step happen once, the INSERT of the message row lets each message be encrypted
/// once; a repeat finds that row and sends the same bytes. A dependency that is away puts the item back with a growing delay.
/// </summary>
public sealed partial class DeliverMessage(
    ConversationStore conversations,
    LookupStore lookup,
    AccountDirectory accounts,
    OutboundCipher cipher,
    HandOver handOver,
    FailMessage failMessage,
    EncryptAgain encryptAgain,
    WorkQueue queue,
    ConversationGate gate,
    ILogger<DeliverMessage> logger)
{
    /// <summary>Lost races on one session before the item goes back into the queue.</summary>
    private const int MaxRaces = 10;

    public async Task ExecuteAsync(string message, CancellationToken cancellationToken)
    {
        WorkItem item = WorkItem.Parse(message);
        try
        {
            using IDisposable turn = await gate.EnterAsync(item.Key, cancellationToken);
            await DeliverAsync(item, cancellationToken);
        }
        catch (Exception e) when (DependencyFaults.IsAway(e))
        {
            Log.DependencyAway(logger, item.Attempt, FaultKind.Of(e));
            await queue.RetryAsync(QueueNames.Outbound, item, cancellationToken);
        }
    }

    private async Task DeliverAsync(WorkItem item, CancellationToken cancellationToken)
    {
        if (await accounts.FindNumberAsync(item.Key.Business, item.Number, cancellationToken) is not { Credential: not null } number)
        {
            Log.NumberGone(logger);
            return;
        }

        if (item.Body is null)
        {
            await ResumeAsync(item, number, cancellationToken);
            return;
        }

        if (queue.IsExpired(item) || await queue.OpenAsync(QueueNames.Outbound, item, cancellationToken) is not { } opened)
        {
            Log.Expired(logger);
            return;
        }

        OutboundBody body = OutboundBody.Decode(opened);
        for (int race = 0; race < MaxRaces; race++)
        {
            switch (await TryCommitAsync(item, number, body, cancellationToken))
            {
                case Step.Finished:
                    return;
                case Step.Repeat:
                    await ResumeAsync(item, number, cancellationToken);
                    return;
                case Step.LostRace:
                    continue;
            }
        }

        await queue.RetryAsync(QueueNames.Outbound, item, cancellationToken);
    }

    private async Task<Step> TryCommitAsync(WorkItem item, BusinessNumber number, OutboundBody body, CancellationToken cancellationToken)
    {
        using SessionSlot slot = await conversations.LoadSessionAsync(item.Key, cancellationToken);
        if ((body.To ?? slot.Content?.Peer) is not { } to)
        {
            // A receipt for a conversation whose session is gone: there is nobody left to tell.
            return Step.Finished;
        }

        string lookupRow = await lookup.RowKeyAsync(number.Business, number.Id, to, cancellationToken);
        if (slot.ETag is null
            && await lookup.EnsureAsync(number.Business, lookupRow, item.Key.Conversation, cancellationToken) != item.Key.Conversation)
        {
            await failMessage.ExecuteAsync(item, number, Message(item, body, to), Stale, cancellationToken);
            return Step.Finished;
        }

        using EncryptedContent encrypted = await cipher.EncryptAsync(slot, number, to, body.Identity, body.Content, item.IsRetryReceipt, cancellationToken);
        if (encrypted.Error is { } error)
        {
            await failMessage.ExecuteAsync(item, number, Message(item, body, to), error, cancellationToken);
            return Step.Finished;
        }

        OutboundMessage row = Message(item, body, to, encrypted);
        ConversationCommit commit = conversations.Begin(item.Key);
        await commit.InsertOutboundAsync(row, null, cancellationToken);
        await commit.PutSessionAsync(slot, encrypted.Next, lookupRow, cancellationToken);
        CommitResult result = await commit.SaveAsync(cancellationToken);
        if (!result.IsSaved)
        {
            return result.FailedRowKey == OutboundRow.RowKey(item.Envelope) ? Step.Repeat : Step.LostRace;
        }

        if (slot.ETag is null)
        {
            // The deletion of an idle conversation may have removed the lookup row before it could see this session.
            await lookup.EnsureAsync(number.Business, lookupRow, item.Key.Conversation, cancellationToken);
        }

        await handOver.ExecuteAsync(item, number, row.SavedAs(commit.ETagOf(OutboundRow.RowKey(item.Envelope), result)), cancellationToken);
        return Step.Finished;
    }

    private async Task ResumeAsync(WorkItem item, BusinessNumber number, CancellationToken cancellationToken)
    {
        OutboundMessage? row = await conversations.FindOutboundAsync(item.Key, item.Envelope, cancellationToken);
        if (row is { Retry: RetryStep.Asked })
        {
            row = await encryptAgain.ExecuteAsync(item, number, row, cancellationToken);
        }

        if (row is not null)
        {
            await handOver.ResumeAsync(item, number, row, cancellationToken);
        }
    }

    private static GraphError Stale => GraphErrorCode.SomethingWentWrong.Because("The conversation was deleted while the message was on its way. Send it again.");

    private static OutboundMessage Message(WorkItem item, OutboundBody body, PhoneNumber to, EncryptedContent? encrypted = null)
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

    private enum Step
    {
        Finished,
        Repeat,
        LostRace,
    }

    private static partial class Log
    {
        [LoggerMessage(201, LogLevel.Information, "A dependency is away ({Fault}); attempt {Attempt} goes back into queue outbound.")]
        internal static partial void DependencyAway(ILogger logger, int attempt, FaultKind fault);

        [LoggerMessage(202, LogLevel.Warning, "An outbound item's number is not there any more.")]
        internal static partial void NumberGone(ILogger logger);

        [LoggerMessage(203, LogLevel.Information, "An outbound item outlived its key.")]
        internal static partial void Expired(ILogger logger);
    }
}
