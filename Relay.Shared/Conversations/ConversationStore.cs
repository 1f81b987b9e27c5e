using Relay.Shared.Analytics;
using Relay.Shared.Billing;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Conversations;

/// <summary>
/// Table <c>conversations</c>: one partition per conversation with its session (<c>S</c>), outbound messages (<c>O:</c>), inbound marks
/// (<c>R:</c>) and statuses to tell (<c>W:</c>). What belongs together is committed together; the session's ETag makes every
/// ratchet step happen once, the inserts make every message and status happen once.
/// </summary>
public sealed partial class ConversationStore(ITableStore tables, Sealer sealer, ExpiryIndex expiry, DueIndex due, MessageCounts counts, TimeProvider time, StampEra era)
{
    private readonly SessionRow _sessions = new(sealer);
    private readonly OutboundRow _outbound = new(sealer);
    private readonly WebhookRow _webhooks = new(sealer);

    internal SessionRow Sessions => _sessions;

    internal OutboundRow Outbound => _outbound;

    internal WebhookRow Webhooks => _webhooks;

    /// <summary>The era that sessions are written with; raised after any restore, so that no old counter is used again.</summary>
    internal int Era => era.Value;

    /// <summary>The session as it was written; one of an earlier era reads what is on its way and sends no more.</summary>
    public async Task<SessionSlot> LoadSessionAsync(ConversationKey key, CancellationToken cancellationToken)
    {
        if (await tables.GetAsync(TableNames.Conversations, key.Partition, SessionRow.RowKey, cancellationToken) is not { } row)
        {
            return SessionSlot.Empty;
        }

        SessionSlot slot = await _sessions.ReadAsync(key, row, cancellationToken);
        return slot.Era == era.Value ? slot : slot.RetireSending();
    }

    /// <summary>The business number of a conversation, as its session says; null when there is none any more.</summary>
    internal async Task<PhoneNumberId?> FindNumberAsync(ConversationKey key, CancellationToken cancellationToken)
    {
        using SessionSlot slot = await LoadSessionAsync(key, cancellationToken);
        return slot.Content?.Number;
    }

    /// <summary>Null when there is no such row, or its day's key is gone. Without the content, unless a retry is asked for.</summary>
    public Task<OutboundMessage?> FindOutboundAsync(ConversationKey key, EnvelopeId id, CancellationToken cancellationToken) =>
        FindOutboundAsync(key, id, false, cancellationToken);

    /// <summary>Whether a message was committed, in whatever state it is; opens nothing.</summary>
    public async Task<bool> HasOutboundAsync(ConversationKey key, EnvelopeId id, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Conversations, key.Partition, OutboundRow.RowKey(id), cancellationToken) is not null;

    /// <summary>The message, with its content, whose current ciphertext went out under an envelope id.</summary>
    public async Task<OutboundMessage?> FindByEnvelopeAsync(ConversationKey key, EnvelopeId envelope, CancellationToken cancellationToken)
    {
        for (int retry = 0; retry <= EnvelopeId.MaxRetries; retry++)
        {
            if (await FindOutboundAsync(key, envelope.OfRetry(retry), true, cancellationToken) is { } message && message.Retries == retry)
            {
                return message;
            }
        }

        return null;
    }

    public async Task<PendingWebhook?> FindWebhookAsync(ConversationKey key, string rowKey, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Conversations, key.Partition, rowKey, cancellationToken) is { } row
            ? await _webhooks.ReadAsync(key, row, cancellationToken)
            : null;

    /// <summary>What the status rows of a message say without any key.</summary>
    internal async Task<IReadOnlyList<WebhookState>> ListStatusesAsync(ConversationKey key, EnvelopeId message, int limit, CancellationToken cancellationToken)
    {
        List<WebhookState> found = [];
        TableRange range = TableRange.StartingWith(key.Partition, WebhookRow.StatusKey(message, string.Empty), limit);
        await foreach (TableRow row in tables.QueryAsync(TableNames.Conversations, range, cancellationToken))
        {
            found.Add(WebhookRow.ReadState(row));
        }

        return found;
    }

    /// <summary>Erases the payloads of rows that are still as they were read; says of how many. One that has changed is somebody's who tells it again.</summary>
    internal async Task<int> EraseAsync(ConversationKey key, IReadOnlyList<TableRow> rows, CancellationToken cancellationToken)
    {
        TableWrite[] writes = [.. rows.Select(WebhookRow.Erase)];
        if ((await tables.CommitAsync(TableNames.Conversations, key.Partition, writes, cancellationToken)).IsSaved)
        {
            return writes.Length;
        }

        int erased = 0;
        foreach (TableWrite write in writes)
        {
            erased += (await tables.CommitAsync(TableNames.Conversations, key.Partition, [write], cancellationToken)).IsSaved ? 1 : 0;
        }

        return erased;
    }

    /// <summary>Starts a commit whose rows all belong to today's key.</summary>
    public ConversationCommit Begin(ConversationKey key, PhoneNumberId number) => new(this, key, number, time.GetUtcNow());

    private async Task<OutboundMessage?> FindOutboundAsync(ConversationKey key, EnvelopeId id, bool withContent, CancellationToken cancellationToken) =>
        await tables.GetAsync(TableNames.Conversations, key.Partition, OutboundRow.RowKey(id), cancellationToken) is { } row
            ? await _outbound.ReadAsync(key, id, row, withContent, cancellationToken)
            : null;

    internal async Task<CommitResult> SaveAsync(ConversationCommit commit, CancellationToken cancellationToken)
    {
        await expiry.NoteAsync(commit.Key, commit.Number, commit.Day, cancellationToken);
        await due.NoteAsync(commit.Key, commit.Number, cancellationToken);
        if (commit.Counted.Count == 0)
        {
            return await tables.CommitAsync(TableNames.Conversations, commit.Key.Partition, commit.Writes(null), cancellationToken);
        }

        using Counting counting = await counts.BeginAsync(commit.Key.Business, commit.Number, commit.Day, cancellationToken);
        CommitResult result = await tables.CommitAsync(TableNames.Conversations, commit.Key.Partition, commit.Writes(counting), cancellationToken);
        if ((result.IsSaved ? true : await HasLandedAsync(commit, counting, cancellationToken)) is { } hasLanded)
        {
            counting.End(hasLanded ? commit.Counted : []);
        }

        return result;
    }

    /// <summary>
    /// Whether a commit that lost a race lost it against itself: storage's client repeats what was done when its answer is lost. A row that is not there while the session is
    /// was never written: only an erasure takes rows so soon, and that takes the session too. Null when nobody can say any more.
    /// </summary>
    private async Task<bool?> HasLandedAsync(ConversationCommit commit, Counting counting, CancellationToken cancellationToken)
    {
        (string row, UsageFact fact) = commit.FirstCounted;
        if (await tables.GetAsync(TableNames.Conversations, commit.Key.Partition, row, cancellationToken) is { } now)
        {
            return now.Get(CountedMessage.ColumnOf(fact.Kind), string.Empty) == counting.LabelOf(fact.Category);
        }

        return await tables.GetAsync(TableNames.Conversations, commit.Key.Partition, SessionRow.RowKey, cancellationToken) is null ? null : false;
    }

    /// <summary>
    /// Writes what became of telling rows, in one transaction, and with it what <see cref="WebhookMark.NotesStatus"/> asks for. A row that is gone
    /// by now needs no mark. False when a row with an ETag has changed since: then read it again.
    /// </summary>
    internal async Task<bool> MarkAsync(ConversationKey key, IReadOnlyCollection<WebhookMark> marks, CancellationToken cancellationToken)
    {
        TableWrite[] writes = [.. marks.Select(WebhookRow.Mark), .. OutboundRow.NoteTold(marks)];
        CommitResult result = await tables.CommitAsync(TableNames.Conversations, key.Partition, writes, cancellationToken);
        bool isCurrent = result.Outcome != StoreOutcome.Changed;
        if (result.Outcome == StoreOutcome.Missing && writes.Length > 1)
        {
            foreach (TableWrite write in writes)
            {
                CommitResult one = await tables.CommitAsync(TableNames.Conversations, key.Partition, [write], cancellationToken);
                isCurrent &= one.Outcome != StoreOutcome.Changed;
            }
        }

        return isCurrent;
    }
}

/// <summary>The stamp's era: an integer from configuration, at least 1.</summary>
public sealed record StampEra(int Value);
