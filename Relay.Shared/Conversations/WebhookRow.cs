using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Conversations;

/// <summary>
/// What a business is to be told, durable before it is told: <c>R:{envelope id}</c> for an inbound message (also the mark against
/// duplicates) and <c>W:{message id}:{status}</c> for a status. <c>p</c>, <c>p1</c>, <c>p2</c> are the sealed
/// webhook body in chunks of at most 60 KiB, erased when all are told. <c>at</c> is when the event became durable, <c>s_{subscriber}</c> how far that
/// subscriber is (<see cref="TellState"/>); rows of earlier versions have neither, and <c>queued</c> for their only subscriber.
/// An inbound receipt has no body of its own: its R row lists in <c>tell</c> the status rows that it brought, and in <c>again</c> the messages
/// that it asked for. <c>unread</c> marks an envelope that could not be decrypted. <c>inner</c> is a message's own id where its envelope has another, and
/// <c>envelope</c> leads back from that id's mark; <c>code</c> says why a message failed;
/// <c>received</c> what counts it (<c>CountedMessage</c>).
/// </summary>
internal sealed partial class WebhookRow(Sealer sealer)
{
    internal const string DayColumn = "day";

    private const string PendingColumn = "pending";
    private const string AtColumn = RowTime.Column;
    private const string StatePrefix = "s_";
    private const string PayloadColumn = "p";
    private const string TellColumn = "tell";
    private const string AgainColumn = "again";
    private const string UnreadColumn = "unread";
    private const string QueuedColumn = "queued";
    private const string KeysColumn = "keys";
    private const char Separator = ',';
    private const int MaxKeyLength = 64;
    private const int ChunkSize = 60 * 1024;

    /// <summary>The largest content of a device, each two of its bytes written as <c>\uxxxx</c>, and what is around it.</summary>
    private const int MaxChunks = 3;

    internal static string InboundKey(EnvelopeId id) => InboundPrefix + id.Hex;

    internal static string StatusKey(EnvelopeId id, string status) => $"W:{id.Hex}:{status}";

    /// <summary>The conversation that is with nobody: what a business is told of itself. No user's has this id, which is random.</summary>
    internal static ConversationId AccountConversation { get; } = ConversationId.FromBytes(new byte[ConversationId.Size]);

    /// <summary>The row of what is told of the account; like a status it is erased, told again and deleted with its day, and it is no message's.</summary>
    internal static string AccountKey(string what) => $"W:account:{what}";

    /// <summary>Whether a text is a key that one of these rows may have.</summary>
    internal static bool IsKey(string? text) => text is { Length: > 2 and <= MaxKeyLength }
        && (text.StartsWith("R:", StringComparison.Ordinal) || text.StartsWith("W:", StringComparison.Ordinal))
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '_');

    internal async ValueTask<TableWrite> InsertAsync(
        ConversationKey key, string rowKey, byte[] payload, WebhookNotes notes, UtcDay day, DateTimeOffset at, CancellationToken cancellationToken)
    {
        int chunks = Math.Max(1, (payload.Length + ChunkSize - 1) / ChunkSize);
        if (chunks > MaxChunks)
        {
            throw new InvalidDataException("A webhook body is larger than its row may be.");
        }

        Dictionary<string, object> columns = new() { [PendingColumn] = true, [DayColumn] = day.Key, [AtColumn] = at.ToUnixTimeMilliseconds() };
        Note(columns, notes);
        for (int i = 0; i < chunks; i++)
        {
            ReadOnlyMemory<byte> chunk = payload.AsMemory(i * ChunkSize, Math.Min(ChunkSize, payload.Length - (i * ChunkSize)));
            columns[Column(i)] = await sealer.SealAsync(key.Business.Value, day, Place(key, rowKey, i, chunks), chunk, cancellationToken);
        }

        return TableWrite.Insert(rowKey, columns);
    }

    internal static TableWrite PutMark(string rowKey, InboundMark mark, UtcDay day, DateTimeOffset at)
    {
        Dictionary<string, object> columns = new()
        {
            [PendingColumn] = mark.Tell.Count > 0,
            [DayColumn] = day.Key,
            [AtColumn] = at.ToUnixTimeMilliseconds(),
            [TellColumn] = string.Join(Separator, mark.Tell),
        };
        if (mark.Again.Count > 0)
        {
            columns[AgainColumn] = string.Join(Separator, mark.Again);
        }

        Note(columns, mark.Used);
        if (mark.IsUnread)
        {
            columns[UnreadColumn] = true;
        }

        if (mark.Envelope is { } envelope)
        {
            columns[EnvelopeColumn] = envelope.Hex;
        }

        if (mark.LookupRow is { } lookupRow)
        {
            columns[SessionRow.LookupColumn] = lookupRow;
        }

        return mark.Replaces is { } etag ? TableWrite.Replace(rowKey, etag, columns) : TableWrite.Insert(rowKey, columns);
    }

    internal static TableWrite Mark(WebhookMark mark)
    {
        Dictionary<string, object> columns = [];
        foreach ((SubscriberId subscriber, TellState state) in mark.States)
        {
            columns[StatePrefix + subscriber.Value] = (int)state;
        }

        if (mark.Pending is { } pending)
        {
            columns[PendingColumn] = pending;
        }

        for (int i = 0; mark.Erases && i < MaxChunks; i++)
        {
            columns[Column(i)] = Array.Empty<byte>();
        }

        return TableWrite.Merge(mark.RowKey, mark.ETag, columns);
    }

    /// <summary>The message of a status row and how far it says that the message is; null for any other row.</summary>
    internal static (EnvelopeId Message, OutboundState State)? ParseStatus(string rowKey) =>
        rowKey.Split(':') is ["W", { } hex, { } status] && EnvelopeId.TryParse(hex, out EnvelopeId id)
            ? status switch
            {
                "sent" => (id, OutboundState.Sent),
                "delivered" => (id, OutboundState.Delivered),
                "read" => (id, OutboundState.Read),
                "played" => (id, OutboundState.Played),
                _ => (id, OutboundState.Failed),
            }
            : null;

    internal async ValueTask<PendingWebhook> ReadAsync(ConversationKey key, TableRow row, CancellationToken cancellationToken)
    {
        byte[]? payload = await OpenAsync(key, row, cancellationToken);
        return new PendingWebhook(row.RowKey, row.Get<bool>(PendingColumn), payload, List(row, TellColumn))
        {
            ETag = row.ETag,
            At = RowTime.Of(row),
            States = States(row),
            Again = List(row, AgainColumn),
            Used = UsedPreKeys.Decode(row.Get(KeysColumn, string.Empty)),
            UnreadETag = row.Get(UnreadColumn, false) ? row.ETag : null,
        };
    }

    private static Dictionary<SubscriberId, TellState> States(TableRow row)
    {
        Dictionary<SubscriberId, TellState> states = [];
        if (row.Get(QueuedColumn, false))
        {
            states[SubscriberId.App] = TellState.Queued;
        }

        foreach ((string column, object value) in row.Columns)
        {
            if (value is int state && column.StartsWith(StatePrefix, StringComparison.Ordinal) && SubscriberId.TryParse(column[StatePrefix.Length..], out SubscriberId id))
            {
                states[id] = (TellState)state;
            }
        }

        return states;
    }

    private static void Note(Dictionary<string, object> columns, UsedPreKeys used)
    {
        if (!used.IsEmpty)
        {
            columns[KeysColumn] = used.Encode();
        }
    }

    private static string[] List(TableRow row, string column) => row.Get(column, string.Empty) is { Length: > 0 } list ? list.Split(Separator) : [];

    private static string Column(int chunk) => chunk == 0 ? PayloadColumn : PayloadColumn + (char)('0' + chunk);

    private static SealedPlace Place(ConversationKey key, string rowKey, int chunk, int chunks) =>
        new(TableNames.Conversations, key.Partition, rowKey, Column(chunk), 0, chunk, chunks);

    /// <summary>Null when there is no payload, or the key of its day was destroyed.</summary>
    private async ValueTask<byte[]?> OpenAsync(ConversationKey key, TableRow row, CancellationToken cancellationToken)
    {
        byte[][] blobs = [.. Enumerable.Range(0, MaxChunks).Select(i => row.Get<byte[]>(Column(i), [])).TakeWhile(blob => blob.Length > 0)];
        using MemoryStream whole = new();
        for (int i = 0; i < blobs.Length; i++)
        {
            if (await sealer.OpenAsync(key.Business.Value, Place(key, row.RowKey, i, blobs.Length), blobs[i], cancellationToken) is not { } chunk)
            {
                return null;
            }

            whole.Write(chunk);
        }

        return blobs.Length == 0 ? null : whole.ToArray();
    }
}

/// <summary>Something to be told, as read back.</summary>
/// <param name="RowKey">Its row.</param>
/// <param name="IsPending">False once told (or when there was nothing to tell).</param>
/// <param name="Payload">The webhook body; null when it was erased, when its key was destroyed, and for a receipt.</param>
/// <param name="Tell">The status rows a receipt brought.</param>
public sealed record PendingWebhook(string RowKey, bool IsPending, byte[]? Payload, IReadOnlyList<string> Tell)
{
    /// <summary>The messages a retry receipt asked for.</summary>
    public IReadOnlyList<string> Again { get; init; } = [];

    /// <summary>The one-time pre-keys that the envelope used.</summary>
    internal UsedPreKeys Used { get; init; }

    /// <summary>When the event became durable; null in rows of an earlier version.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>How far each subscriber is that was tried.</summary>
    public IReadOnlyDictionary<SubscriberId, TellState> States { get; init; } = new Dictionary<SubscriberId, TellState>();

    internal string? ETag { get; init; }

    /// <summary>The row's ETag when it marks an envelope that could not be decrypted; null otherwise.</summary>
    public string? UnreadETag { get; init; }

    public override string ToString() => RowKey;
}
