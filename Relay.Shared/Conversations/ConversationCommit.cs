using Relay.Shared.Analytics;
using Relay.Shared.Billing;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Conversations;

/// <summary>
/// Gathers the rows of one entity-group transaction on a conversation. Inserts go before the session: when both would fail, the
/// repeat is what the caller must learn.
/// </summary>
public sealed class ConversationCommit
{
    private readonly ConversationStore _store;
    private readonly List<TableWrite> _writes = [];
    private readonly List<(string Row, UsageFact Fact)> _counted = [];
    private long _heard;
    private readonly DateTimeOffset _at;
    private TableWrite? _session;

    internal ConversationCommit(ConversationStore store, ConversationKey key, PhoneNumberId number, DateTimeOffset at)
    {
        _store = store;
        _at = at;
        Key = key;
        Number = number;
        Day = UtcDay.Of(at);
    }

    public ConversationKey Key { get; }

    /// <summary>The business number that the conversation is with.</summary>
    public PhoneNumberId Number { get; }

    public UtcDay Day { get; }

    /// <summary>What is counted once this is saved.</summary>
    internal IReadOnlyCollection<UsageFact> Counted => [.. _counted.Select(one => one.Fact)];

    /// <summary>Of what is counted the first: if its row says so, all of this was saved.</summary>
    internal (string Row, UsageFact Fact) FirstCounted => _counted[0];

    /// <param name="counting">Which row counts what this commit makes true; null when there is nothing to count.</param>
    internal IReadOnlyList<TableWrite> Writes(Counting? counting)
    {
        List<TableWrite> writes = [.. _writes];
        if (counting is not null)
        {
            foreach ((string row, UsageFact fact) in _counted)
            {
                int index = writes.FindIndex(write => write.RowKey == row);
                writes[index] = writes[index].With(CountedMessage.ColumnOf(fact.Kind), counting.LabelOf(fact.Category));
            }
        }

        return _session is null ? writes : [.. writes, _session];
    }

    /// <param name="slot">What was read: inserted if there was no row, else replaced if it is unchanged.</param>
    /// <param name="content">The next state.</param>
    /// <param name="lookupRow">The lookup row that leads to this conversation.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask PutSessionAsync(SessionSlot slot, SessionContent content, string lookupRow, CancellationToken cancellationToken) =>
        _session = await _store.Sessions.WriteAsync(Key, slot, content, lookupRow, _store.Era, Day, Math.Max(_heard, slot.Heard), cancellationToken);

    /// <summary>Notes that the user wrote; before <see cref="PutSessionAsync"/>, which writes it.</summary>
    internal void Hear(DateTimeOffset at) => _heard = Math.Max(_heard, at.ToUnixTimeMilliseconds());

    /// <param name="message">The message.</param>
    /// <param name="lookupRow">Given where no session row may ever say which lookup row leads here.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask InsertOutboundAsync(OutboundMessage message, string? lookupRow, CancellationToken cancellationToken) =>
        _writes.Add(await _store.Outbound.InsertAsync(Key, message, lookupRow, _at, cancellationToken));

    public void AdvanceOutbound(EnvelopeId id, string? etag, OutboundState state, bool erase) =>
        _writes.Add(OutboundRow.Advance(id, etag, state, erase));

    /// <summary>Counts a message of the business, whose row this commit writes.</summary>
    internal void Count(EnvelopeId message, UsageKind kind, MessageCategory category) => _counted.Add((OutboundRow.RowKey(message), new UsageFact(kind, category)));

    /// <summary>Counts a user's message, whose row this commit writes.</summary>
    internal void CountReceived(string row) => _counted.Add((row, new UsageFact(UsageKind.Received, MessageCategory.Service)));

    /// <summary>Notes that a device asked for a message again.</summary>
    public void AskAgain(OutboundMessage message) => _writes.Add(OutboundRow.AskAgain(message.Id, message.ETag));

    /// <summary>Replaces a message's ciphertext by a new one of the same content.</summary>
    public async ValueTask EncryptAgainAsync(OutboundMessage message, string type, byte[] ciphertext, CancellationToken cancellationToken) =>
        _writes.Add(await _store.Outbound.EncryptAgainAsync(Key, message, type, ciphertext, Day, cancellationToken));

    public ValueTask InsertWebhookAsync(string rowKey, byte[] payload, CancellationToken cancellationToken) =>
        InsertWebhookAsync(rowKey, payload, default, cancellationToken);

    internal async ValueTask InsertWebhookAsync(string rowKey, byte[] payload, WebhookNotes notes, CancellationToken cancellationToken) =>
        _writes.Add(await _store.Webhooks.InsertAsync(Key, rowKey, payload, notes, Day, _at, cancellationToken));

    internal void PutMark(string rowKey, InboundMark mark) => _writes.Add(WebhookRow.PutMark(rowKey, mark, Day, _at));

    public Task<CommitResult> SaveAsync(CancellationToken cancellationToken) => _store.SaveAsync(this, cancellationToken);

    /// <summary>The ETag that a row got from this commit, which was saved; null for a row that it didn't write.</summary>
    internal string? ETagOf(string rowKey, CommitResult saved)
    {
        int index = _writes.FindIndex(write => write.RowKey == rowKey);
        return index < 0 ? null : saved.ETags[index];
    }
}
