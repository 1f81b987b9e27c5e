using Microsoft.Extensions.Logging;
using Relay.Shared.Accounts;
using Relay.Shared.Content;
using Relay.Shared.Conversations;
using Relay.Shared.PreKeys;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Storage;
using Relay.Shared.Webhooks;

namespace Relay.Shared.Messaging;

/// <summary>
/// Queue <c>inbound</c>: decrypt, commit session and inbox together, then tell the business (spec/storage.md §3). May run twice,
/// concurrently, or die anywhere: a repeat can't be decrypted any more and is recognised by its <c>R</c> row, which is looked at
/// before anything is called a failure.
/// </summary>
public sealed partial class ReceiveMessage(
    ConversationStore conversations,
    LookupStore lookup,
    AccountDirectory accounts,
    PreKeyStore preKeys,
    InboundCipher cipher,
    InboundCommit inbox,
    TellBusiness tell,
    WorkQueue queue,
    ConversationGate gate,
    ILogger<ReceiveMessage> logger)
{
    private const int MaxRaces = 10;

    public async Task ExecuteAsync(string message, CancellationToken cancellationToken)
    {
        WorkItem item = WorkItem.Parse(message);
        try
        {
            using IDisposable turn = await gate.EnterAsync(item.Key, cancellationToken);
            await ReceiveAsync(item, cancellationToken);
        }
        catch (Exception e) when (DependencyFaults.IsAway(e))
        {
            Log.DependencyAway(logger, item.Attempt, FaultKind.Of(e));
            await queue.RetryAsync(QueueNames.Inbound, item, cancellationToken);
        }
    }

    private async Task ReceiveAsync(WorkItem item, CancellationToken cancellationToken)
    {
        if (await accounts.FindNumberAsync(item.Key.Business, item.Number, cancellationToken) is not { } number)
        {
            Log.NumberGone(logger);
            return;
        }

        if (queue.IsExpired(item) || await queue.OpenAsync(QueueNames.Inbound, item, cancellationToken) is not { } opened)
        {
            Log.Expired(logger);
            return;
        }

        InboundBody body = InboundBody.Decode(opened);
        for (int race = 0; race < MaxRaces; race++)
        {
            if (await TryReceiveAsync(item, number, body, cancellationToken))
            {
                return;
            }
        }

        await queue.RetryAsync(QueueNames.Inbound, item, cancellationToken);
    }

    /// <summary>False when a race on the session was lost.</summary>
    private async Task<bool> TryReceiveAsync(WorkItem item, BusinessNumber number, InboundBody body, CancellationToken cancellationToken)
    {
        using SessionSlot slot = await conversations.LoadSessionAsync(item.Key, cancellationToken);
        DecryptResult decrypted = await cipher.DecryptAsync(slot, number, body, cancellationToken);
        string row = WebhookRow.InboundKey(item.Envelope);
        if (decrypted is not { IsSuccess: true, Plaintext: { } plaintext, Next: { } next })
        {
            await ExplainFailureAsync(item, row, decrypted.Outcome, cancellationToken);
            return true;
        }

        using SessionContent session = new(number.Id, body.From, next);
        string lookupRow = await lookup.RowKeyAsync(number.Business, number.Id, body.From, cancellationToken);
        if (slot.ETag is null
            && await lookup.EnsureAsync(number.Business, lookupRow, item.Key.Conversation, cancellationToken) is var now
            && now != item.Key.Conversation)
        {
            // The idle conversation was deleted while this was on its way, and the number has a new one.
            await queue.PutAsync(QueueNames.Inbound, item with { Conversation = now.Hex }, body.Encode(), cancellationToken);
            return true;
        }

        DeviceContent? content = DeviceContentCodec.Decode(plaintext);
        InboxEntry entry = await inbox.SaveAsync(item, number, body.From, slot, session, lookupRow, content, cancellationToken);
        switch (entry.Outcome)
        {
            case InboxOutcome.LostRace:
                return false;
            case InboxOutcome.Repeat:
                await tell.ResumeAsync(item.Key, row, cancellationToken);
                return true;
        }

        if (decrypted.UsedPreKeyId is { } used)
        {
            await preKeys.DeleteOneTimeAsync(number.Id, used, cancellationToken);
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

        return true;
    }

    private async Task ExplainFailureAsync(WorkItem item, string row, SessionOutcome outcome, CancellationToken cancellationToken)
    {
        if (await conversations.FindWebhookAsync(item.Key, row, cancellationToken) is { } done)
        {
            if (done.IsPending)
            {
                await tell.ResumeAsync(item.Key, row, cancellationToken);
            }

            return;
        }

        if (outcome != SessionOutcome.Duplicate)
        {
            Log.Undecryptable(logger, outcome);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(211, LogLevel.Information, "A dependency is away ({Fault}); attempt {Attempt} goes back into queue inbound.")]
        internal static partial void DependencyAway(ILogger logger, int attempt, FaultKind fault);

        [LoggerMessage(212, LogLevel.Warning, "An inbound item's number is not there any more.")]
        internal static partial void NumberGone(ILogger logger);

        [LoggerMessage(213, LogLevel.Information, "An inbound item outlived its key.")]
        internal static partial void Expired(ILogger logger);

        [LoggerMessage(214, LogLevel.Warning, "An envelope could not be decrypted: {Outcome}.")]
        internal static partial void Undecryptable(ILogger logger, SessionOutcome outcome);

        [LoggerMessage(215, LogLevel.Warning, "An envelope's content is not of a known form; its session went on.")]
        internal static partial void UnreadableContent(ILogger logger);
    }
}
