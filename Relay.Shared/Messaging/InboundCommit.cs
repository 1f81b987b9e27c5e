using System.Text.Json;
using Relay.Shared.Accounts;
using Relay.Shared.Billing;
using Relay.Shared.Content;
using Relay.Shared.Conversations;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Webhooks;
using Relay.Shared.Limits;
using Relay.Shared.PhoneNumbers.Blocking;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Telemetry;

namespace Relay.Shared.Messaging;

/// <summary>
/// Makes a decrypted message durable in one transaction: the advanced session, the mark against repeats, and what the business
/// is to be told, be it a message or the statuses that a receipt brings. Statuses never go backwards.
/// </summary>
public sealed class InboundCommit(
    ConversationStore conversations,
    StatusWebhooks statuses,
    RetryReceipts retryReceipts,
    TakeFile takeFile,
    MessageIds ids,
    UserIds userIds,
    SendLimits limits,
    BlockList blocks,
    TimeProvider time)
{
    internal Task<InboxEntry> SaveAsync(
        WorkItem item,
        BusinessNumber number,
        SessionSlot slot,
        SessionContent session,
        string lookupRow,
        DeviceContent? content,
        UsedPreKeys used,
        CancellationToken cancellationToken) =>
        SaveAsync(item, number, slot, session, lookupRow, content, used, unread: null, cancellationToken);

    /// <param name="item">The envelope.</param>
    /// <param name="number">The business number.</param>
    /// <param name="slot">The session as it was read.</param>
    /// <param name="session">The session after it.</param>
    /// <param name="lookupRow">The lookup row that leads here.</param>
    /// <param name="content">Null when it is of no known form.</param>
    /// <param name="used">The one-time pre-keys that it used.</param>
    /// <param name="unread">The ETag of the mark that an earlier envelope with this content could not be decrypted.</param>
    /// <param name="cancellationToken">Cancels.</param>
    private async Task<InboxEntry> SaveAsync(
        WorkItem item,
        BusinessNumber number,
        SessionSlot slot,
        SessionContent session,
        string lookupRow,
        DeviceContent? content,
        UsedPreKeys used,
        string? unread,
        CancellationToken cancellationToken)
    {
        ConversationCommit commit = conversations.Begin(item.Key, item.Number);
        InboxEntry entry = await AddAsync(commit, item, number, session, content, used, unread, cancellationToken, IsNewIdentity(slot, session));
        await commit.PutSessionAsync(slot, session, lookupRow, cancellationToken);
        CommitResult result = await commit.SaveAsync(cancellationToken);
        if (result.IsSaved)
        {
            Count(number, [entry]);
            return entry;
        }

        if (result is { Outcome: StoreOutcome.AlreadyExists, FailedRowKey: { } existing } && existing == entry.RowKey)
        {
            return InboxEntry.Of(InboxOutcome.Repeat);
        }

        if (result.Outcome != StoreOutcome.AlreadyExists || content?.Message is null || result.FailedRowKey != InnerRow(content))
        {
            return InboxEntry.Of(InboxOutcome.LostRace);
        }

        return await conversations.FindWebhookAsync(item.Key, InnerRow(content), cancellationToken) is { UnreadETag: { } etag }
            ? await SaveAsync(item, number, slot, session, lookupRow, content, used, etag, cancellationToken)
            : await SaveRepeatedContentAsync(item, slot, session, lookupRow, used, cancellationToken);
    }

    /// <summary>Counts the users' messages among what was saved.</summary>
    internal void Count(BusinessNumber number, IReadOnlyList<InboxEntry> saved)
    {
        foreach (InboxEntry _ in saved.Where(entry => entry.Message is not null))
        {
            RelayMetrics.Received.Add(1);
            limits.CountReceived(number);
        }
    }

    /// <summary>Adds to a commit what an envelope brings: true once that is saved, with the session.</summary>
    /// <param name="commit">The transaction.</param>
    /// <param name="item">The envelope.</param>
    /// <param name="number">The business number.</param>
    /// <param name="session">The session after it.</param>
    /// <param name="content">Null when it is of no known form.</param>
    /// <param name="used">The one-time pre-keys that it used.</param>
    /// <param name="unread">The ETag of the mark that an earlier envelope with this content could not be decrypted.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <param name="isNewIdentity">The device has another identity key than the session before had.</param>
    internal async Task<InboxEntry> AddAsync(
        ConversationCommit commit,
        WorkItem item,
        BusinessNumber number,
        SessionContent session,
        DeviceContent? content,
        UsedPreKeys used,
        string? unread,
        CancellationToken cancellationToken,
        bool isNewIdentity = false)
    {
        string row = WebhookRow.InboundKey(item.Envelope);
        if (content is { Message: not null } && await blocks.DropsAsync(number, session.Peer, cancellationToken))
        {
            commit.PutMark(row, new InboundMark { Used = used });
            MarkInnerId(commit, item, content, unread);
            return new InboxEntry(InboxOutcome.Saved, row, null, []);
        }

        if (content is { Message: { } message })
        {
            commit.Hear(item.Accepted);
            byte[] payload = await MessageAsync(item, number, session, content, message, isNewIdentity, cancellationToken);
            await commit.InsertWebhookAsync(row, payload, new WebhookNotes(used, InnerOf(item, content)), cancellationToken);
            commit.CountReceived(row);
            MarkInnerId(commit, item, content, unread);
            return new InboxEntry(InboxOutcome.Saved, row, payload, []);
        }

        List<StatusRow> told = [];
        IReadOnlyList<string> again = [];
        if (content?.Receipt is { Status: ContentReceipt.Retry } retry)
        {
            again = await retryReceipts.AddAsync(commit, number, session.Record, retry, told, cancellationToken);
        }
        else if (content?.Receipt is { } receipt)
        {
            await AddStatusesAsync(commit, number, receipt, told, cancellationToken);
        }

        commit.PutMark(row, new InboundMark { Tell = [.. told.Select(status => status.RowKey)], Again = again, Used = used });
        return new InboxEntry(InboxOutcome.Saved, row, null, told) { Again = again };
    }

    /// <summary>The content's own id where the envelope has another.</summary>
    private static EnvelopeId? InnerOf(WorkItem item, DeviceContent content) =>
        content.Id != item.Id && EnvelopeId.TryParse(content.Id, out EnvelopeId id) ? id : null;

    /// <summary>The mark that a content was taken, in whichever envelope.</summary>
    internal static string InnerRow(DeviceContent content) =>
        WebhookRow.InboundKey(EnvelopeId.TryParse(content.Id, out EnvelopeId id) ? id : default);

    /// <summary>Content that was encrypted again for another envelope carries the same inner id: a second guard against repeats.</summary>
    private static void MarkInnerId(ConversationCommit commit, WorkItem item, DeviceContent content, string? unread)
    {
        if (content.Id != item.Id)
        {
            commit.PutMark(InnerRow(content), new InboundMark { Replaces = unread, Envelope = item.Envelope });
        }
    }

    /// <summary>The same content came before in another envelope: the session goes on, nothing is told.</summary>
    private async Task<InboxEntry> SaveRepeatedContentAsync(
        WorkItem item, SessionSlot slot, SessionContent session, string lookupRow, UsedPreKeys used, CancellationToken cancellationToken)
    {
        ConversationCommit commit = conversations.Begin(item.Key, item.Number);
        await commit.PutSessionAsync(slot, session, lookupRow, cancellationToken);
        commit.PutMark(WebhookRow.InboundKey(item.Envelope), new InboundMark { Used = used });
        CommitResult result = await commit.SaveAsync(cancellationToken);
        return InboxEntry.Of(result.IsSaved ? InboxOutcome.Saved : InboxOutcome.LostRace);
    }

    private static bool IsNewIdentity(SessionSlot slot, SessionContent session) =>
        slot.Content is { } before && !before.Record.RemoteIdentity.Serialized.SequenceEqual(session.Record.RemoteIdentity.Serialized);

    private async Task<byte[]> MessageAsync(
        WorkItem item,
        BusinessNumber number,
        SessionContent session,
        DeviceContent content,
        JsonElement message,
        bool isNewIdentity,
        CancellationToken cancellationToken)
    {
        EnvelopeId inner = EnvelopeId.TryParse(content.Id, out EnvelopeId id) ? id : item.Envelope;
        IdentityKeyHash? identity = number.ChecksIdentity ? IdentityKeyHash.Of(session.Record.RemoteIdentity.Serialized) : null;
        (IncomingMedia? file, GraphError? fileError) = await takeFile.ExecuteAsync(number, item.Key, inner, message, cancellationToken);
        UserMessage user = new()
        {
            From = session.Peer,
            FromUserId = await userIds.CreateAsync(number.Business, number.Id, item.Key.Conversation, cancellationToken),
            IdentityKeyHash = identity,
            NewIdentity = isNewIdentity ? identity : null,
            ProfileName = content.Profile is { Name: { Length: > 0 and <= 100 } name } ? new Sensitive<string>(name) : null,
            MessageId = await WamidAsync(item.Key, number, MessageDirection.FromUser, inner, cancellationToken),
            Timestamp = Math.Min(content.Timestamp, time.GetUtcNow().ToUnixTimeSeconds()),
            Message = message,
            Target = await TargetAsync(item.Key, number, message, cancellationToken),
            File = file,
            FileError = fileError,
            Context = await QuotedAsync(item.Key, number, session.Peer, content.Context, cancellationToken),
            Forwarded = content.Forwarded switch
            {
                DeviceContent.ForwardedOnce => ForwardCount.Once,
                DeviceContent.ForwardedOften => ForwardCount.Often,
                _ => ForwardCount.None,
            },
        };
        return WebhookPayload.ForMessage(await statuses.SourceAsync(number, cancellationToken), user);
    }

    /// <summary>The id by which the business knows the message that this one is about.</summary>
    private async ValueTask<string?> TargetAsync(ConversationKey key, BusinessNumber number, JsonElement message, CancellationToken cancellationToken) =>
        MessageTarget.Find(message) is { } target ? await WamidAsync(key, number, target.Direction, target.Message, cancellationToken) : null;

    private async ValueTask<QuotedMessage?> QuotedAsync(
        ConversationKey key, BusinessNumber number, PhoneNumber from, ContentContext? context, CancellationToken cancellationToken)
    {
        if (context is null || !EnvelopeId.TryParse(context.Id, out EnvelopeId id))
        {
            return null;
        }

        bool byUser = context.Author == ContentContext.User;
        string wamid = await WamidAsync(key, number, byUser ? MessageDirection.FromUser : MessageDirection.FromBusiness, id, cancellationToken);
        return new QuotedMessage(byUser ? from : number.Number, wamid);
    }

    private ValueTask<string> WamidAsync(
        ConversationKey key, BusinessNumber number, MessageDirection direction, EnvelopeId id, CancellationToken cancellationToken) =>
        ids.CreateAsync(number.Business, number.Id, new MessageLocator(direction, key.Conversation, id), cancellationToken);

    private async Task AddStatusesAsync(
        ConversationCommit commit, BusinessNumber number, ContentReceipt receipt, List<StatusRow> told, CancellationToken cancellationToken)
    {
        OutboundState next = receipt.Status switch
        {
            ContentReceipt.Played => OutboundState.Played,
            ContentReceipt.Read => OutboundState.Read,
            _ => OutboundState.Delivered,
        };
        foreach (string text in receipt.Ids.Distinct())
        {
            if (!EnvelopeId.TryParse(text, out EnvelopeId id)
                || await conversations.FindOutboundAsync(commit.Key, id, cancellationToken) is not { TellsStatus: true } message
                || message.State >= next)
            {
                continue;
            }

            if (message.State == OutboundState.Committed)
            {
                // The device was quicker than the transport's answer to us: what it has was sent.
                told.Add(await statuses.AddAsync(commit, number, message, MessageStatus.Sent, null, cancellationToken));
                commit.Count(id, UsageKind.Sent, message.Category);
            }
            else if (message.Told < message.State && !(message.IsSentOnly && message.State != OutboundState.Sent))
            {
                // Whoever made the status before this one durable may have died before telling it: it goes first.
                told.Add(new StatusRow(StatusWebhooks.RowKey(id, StatusOf(message.State)), null));
            }

            if (!message.IsSentOnly)
            {
                told.Add(await statuses.AddAsync(commit, number, message, StatusOf(next), null, cancellationToken));
            }

            if (message.State < OutboundState.Delivered)
            {
                commit.Count(id, UsageKind.Delivered, message.Category);
            }

            commit.AdvanceOutbound(id, message.ETag, next, erase: true);
        }
    }

    private static MessageStatus StatusOf(OutboundState state) => state switch
    {
        OutboundState.Sent => MessageStatus.Sent,
        OutboundState.Delivered => MessageStatus.Delivered,
        OutboundState.Read => MessageStatus.Read,
        OutboundState.Played => MessageStatus.Played,
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };
}

/// <summary>How the transaction of an inbound message ended.</summary>
internal enum InboxOutcome
{
    Saved,

    /// <summary>This envelope was taken before.</summary>
    Repeat,

    /// <summary>Another writer was first: load everything again.</summary>
    LostRace,
}

/// <param name="Outcome">How it ended.</param>
/// <param name="RowKey">The envelope's row.</param>
/// <param name="Message">The webhook body of a message.</param>
/// <param name="Statuses">The statuses that a receipt brought.</param>
internal sealed record InboxEntry(InboxOutcome Outcome, string RowKey, byte[]? Message, IReadOnlyList<StatusRow> Statuses)
{
    /// <summary>The messages that a retry receipt asked for.</summary>
    internal IReadOnlyList<string> Again { get; init; } = [];

    internal static InboxEntry Of(InboxOutcome outcome) => new(outcome, string.Empty, null, []);
}
