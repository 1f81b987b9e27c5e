using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Content;
using Relay.Shared.Conversations;
using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Maintenance;
using Relay.Shared.PreKeys;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Storage;
using Relay.Shared.Telemetry;
using Relay.Shared.Webhooks;

namespace Relay.Shared.Messaging;

/// <summary>
/// One envelope: decrypt, commit session and inbox together, then tell the business (spec/storage.md §3). May run twice,
/// concurrently, or die anywhere: a repeat can't be decrypted any more and is recognised by its <c>R</c> row, which is looked at
/// before anything is called a failure.
/// </summary>
public sealed partial class ReceiveEnvelope(
    ConversationStore conversations,
    LookupStore lookup,
    ConversationDeletion deletion,
    PreKeyStore preKeys,
    KeepPreKeysStocked keepPreKeys,
    InboundCipher cipher,
    InboundCommit inbox,
    RetryReceipts retryReceipts,
    TellBusiness tell,
    WorkQueue queue,
    ILogger<ReceiveEnvelope> logger)
{
    private const int MaxRaces = 10;

    /// <summary>Deliveries after which a first message whose last-resort key was used by another one counts as a repeat of that.</summary>
    private const int MaxOpenings = 6;

    internal async Task ExecuteAsync(WorkItem item, InboundBody body, BusinessNumber number, CancellationToken cancellationToken)
    {
        for (int race = 0; race < MaxRaces; race++)
        {
            if (await TryReceiveAsync(item, number, body, cancellationToken))
            {
                RelayMetrics.SessionCommits.Add(CommitAttemptsOf.Races(race));
                return;
            }
        }

        await queue.RetryAsync(QueueNames.Inbound, item, cancellationToken);
    }

    /// <summary>False when a race on the session was lost.</summary>
    private async Task<bool> TryReceiveAsync(WorkItem item, BusinessNumber number, InboundBody body, CancellationToken cancellationToken)
    {
        using SessionSlot slot = await conversations.LoadSessionAsync(item.Key, cancellationToken);
        if (slot.ETag is null && await TryLeaveAsync(item, number, body, cancellationToken))
        {
            return true;
        }

        DecryptResult? decrypted = await cipher.DecryptAsync(slot, number, item, body, cancellationToken);
        if (decrypted is null && item.Attempt < MaxOpenings)
        {
            return false;
        }

        // Either a repeat of a first message whose session is gone, or a second one whose first never got through: asking again loses neither.
        decrypted ??= new DecryptResult(SessionOutcome.UnknownPreKey);

        string row = WebhookRow.InboundKey(item.Envelope);
        if (decrypted is not { IsSuccess: true, Plaintext: { } plaintext, Next: { } next })
        {
            return await ExplainFailureAsync(item, number, body, slot, decrypted.Outcome, cancellationToken);
        }

        using SessionContent session = new(number.Id, body.From, next);
        string lookupRow = await lookup.ReferenceAsync(number.Business, number.Id, body.From, cancellationToken);
        UsedPreKeys used = new(decrypted.Opened?.OneTimePreKeyId, decrypted.Opened?.KyberPreKeyId);
        DeviceContent? content = DeviceContentCodec.Decode(plaintext);
        InboxEntry entry = await inbox.SaveAsync(item, number, slot, session, lookupRow, content, used, cancellationToken);
        switch (entry.Outcome)
        {
            case InboxOutcome.LostRace:
                return false;
            case InboxOutcome.Repeat when await conversations.FindWebhookAsync(item.Key, row, cancellationToken) is { } done:
                await FinishAsync(item, number, done, cancellationToken);
                return true;
            case InboxOutcome.Repeat:
                return true;
        }

        if (slot.ETag is null)
        {
            // The deletion of an idle conversation may have removed the lookup row before it could see this session. An erasure may have passed before
            // this commit: then it takes the commit back, and what nobody was told yet is dealt with anew.
            LookupAnswer led = await lookup.EnsureAsync(number.Business, number.Id, body.From, item.Key.Conversation, cancellationToken);
            if (led.Conversation != item.Key.Conversation)
            {
                await deletion.TakeBackAsync(item.Key, row, led.ErasedAt, cancellationToken);
                throw new TimeoutException("The conversation ended while its first message was decrypted.");
            }
        }

        if (decrypted.Opened is not null)
        {
            await preKeys.DeleteUsedAsync(number.Id, used.OneTime, used.Kyber, cancellationToken);
        }

        if (content is null)
        {
            Log.UnreadableContent(logger);
        }
        else if (entry.Message is { } payload)
        {
            await tell.ExecuteAsync(item.Key, row, payload, cancellationToken);
        }
        else if (entry.Statuses.Count > 0)
        {
            await tell.ExecuteAsync(item.Key, row, entry.Statuses, cancellationToken);
        }

        await retryReceipts.ResendAsync(item, entry.Again, cancellationToken);
        if (decrypted.Opened is not null)
        {
            // Last: while the transport is slow, nobody need wait for what is told.
            await keepPreKeys.AfterUseAsync(number, cancellationToken);
        }

        return true;
    }

    /// <summary>
    /// Without a session: drops what was accepted before its user was erased, and takes what belongs to another conversation there, since the idle
    /// one was deleted while this was on its way, or the user was erased.
    /// </summary>
    private async Task<bool> TryLeaveAsync(WorkItem item, BusinessNumber number, InboundBody body, CancellationToken cancellationToken)
    {
        LookupAnswer led = await lookup.EnsureAsync(number.Business, number.Id, body.From, item.Key.Conversation, cancellationToken);
        if (led.Erases(item.Key.Conversation, item.Accepted))
        {
            Log.Erased(logger);
            return true;
        }

        if (led.Conversation == item.Key.Conversation)
        {
            return false;
        }

        await lookup.ForgetAsync(number.Business, number.Id, body.From, cancellationToken);
        ConversationId now = led.Conversation ?? await lookup.FindOrCreateAsync(number.Business, number.Id, body.From, cancellationToken);
        await queue.PutAgainAsync(QueueNames.Inbound, item with { Conversation = now.Hex }, body.Encode(), cancellationToken);
        return true;
    }

    /// <summary>False when the session or its pre-keys may have changed under the attempt, so that it says nothing.</summary>
    private async Task<bool> ExplainFailureAsync(
        WorkItem item, BusinessNumber number, InboundBody body, SessionSlot slot, SessionOutcome outcome, CancellationToken cancellationToken)
    {
        string row = WebhookRow.InboundKey(item.Envelope);
        if (await conversations.FindWebhookAsync(item.Key, row, cancellationToken) is { } done)
        {
            await FinishAsync(item, number, done, cancellationToken);
            return true;
        }

        using SessionSlot now = await conversations.LoadSessionAsync(item.Key, cancellationToken);
        if (now.ETag != slot.ETag)
        {
            return false;
        }

        if (outcome != SessionOutcome.Duplicate)
        {
            Log.Undecryptable(logger, outcome);
        }

        bool isUnread = RetryReceipts.CanHelp(outcome);
        if (isUnread)
        {
            await retryReceipts.AskAsync(item, number, body.From, cancellationToken);
        }

        // Only the id stays, and with it the day on which the lookup row of a number that never got a session goes.
        ConversationCommit commit = conversations.Begin(item.Key, item.Number);
        string lookupRow = await lookup.ReferenceAsync(number.Business, number.Id, body.From, cancellationToken);
        commit.PutMark(row, new InboundMark { IsUnread = isUnread, LookupRow = lookupRow });
        await commit.SaveAsync(cancellationToken);
        return true;
    }

    /// <summary>Does what a run that died after its commit left undone.</summary>
    private async Task FinishAsync(WorkItem item, BusinessNumber number, PendingWebhook done, CancellationToken cancellationToken)
    {
        await preKeys.DeleteUsedAsync(number.Id, done.Used.OneTime, done.Used.Kyber, cancellationToken);
        if (done.IsPending)
        {
            await tell.ResumeAsync(item.Key, done.RowKey, cancellationToken);
        }

        await retryReceipts.ResendAsync(item, done.Again, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(214, LogLevel.Warning, "An envelope could not be decrypted: {Outcome}.")]
        internal static partial void Undecryptable(ILogger logger, SessionOutcome outcome);

        [LoggerMessage(216, LogLevel.Information, "An envelope was accepted before its user was erased; it was dropped.")]
        internal static partial void Erased(ILogger logger);

        [LoggerMessage(215, LogLevel.Warning, "An envelope's content is not of a known form; its session went on.")]
        internal static partial void UnreadableContent(ILogger logger);
    }
}
