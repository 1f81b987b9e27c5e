using Relay.Shared.Content;
using Relay.Shared.Conversations;
using Relay.Shared.Storage;

namespace Relay.Shared.Messaging;

/// <summary>
/// What several envelopes of one conversation bring, in memory, until one transaction makes it durable. Takes only what fits that
/// transaction and touches no row twice. Wipes the sessions in between.
/// </summary>
internal sealed class DecryptedBatch(ConversationCommit commit) : IDisposable
{
    /// <summary>The session takes the last one.</summary>
    private const int MaxRows = TableLimits.MaxWritesPerCommit - 1;

    private readonly List<DecryptedContent> _steps = [];
    private readonly HashSet<string> _rows = new(StringComparer.Ordinal);
    private int _reserved;

    internal ConversationCommit Commit { get; } = commit;

    internal List<InboxEntry> Entries { get; } = [];

    /// <summary>The session after the last entry.</summary>
    internal SessionContent? Next { get; set; }

    /// <summary>The rows of receipts that brought something to tell: told with it.</summary>
    internal IEnumerable<string> Marks => Entries.Where(entry => entry is { Message: null, Statuses.Count: > 0 }).Select(entry => entry.RowKey);

    /// <summary>What is to be told, in order.</summary>
    internal IEnumerable<StatusRow> Told => Entries.SelectMany(entry => entry.Message is { } payload ? [new StatusRow(entry.RowKey, payload)] : entry.Statuses);

    /// <summary>Makes sure that a step's session is wiped.</summary>
    internal void Keep(DecryptedContent step) => _steps.Add(step);

    /// <summary>False for content that can't join: another kind, or rows that are too many or there already.</summary>
    internal bool TryReserve(InboundDelivery delivery, DeviceContent content)
    {
        string own = WebhookRow.InboundKey(delivery.Item.Envelope);
        string[] rows = content switch
        {
            { Message: not null } => content.Id == delivery.Item.Id ? [own] : [own, InboundCommit.InnerRow(content)],
            { Receipt: { Status: ContentReceipt.Delivered or ContentReceipt.Read or ContentReceipt.Played } receipt } => [own, .. receipt.Ids.Distinct()],
            _ => [],
        };

        // Of each message that a receipt names: its own row, and the rows of two statuses.
        int writes = content.Message is null ? 1 + (3 * (rows.Length - 1)) : rows.Length;
        if (rows.Length == 0 || _reserved + writes > MaxRows || rows.Any(_rows.Contains))
        {
            return false;
        }

        _reserved += writes;
        _rows.UnionWith(rows);
        return true;
    }

    public void Dispose()
    {
        foreach (DecryptedContent step in _steps)
        {
            step.Session.Dispose();
        }
    }
}

/// <summary>An envelope's plaintext and the session after it.</summary>
internal sealed class DecryptedContent(byte[] plaintext, SessionContent session)
{
    internal byte[] Plaintext { get; } = plaintext;

    internal SessionContent Session { get; } = session;
}
