using System.Text.Json;
using System.Text.Json.Serialization;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Conversations;

/// <summary>
/// Rows <c>O:{id}</c> of a conversation. Sealed: <c>x</c> the Signal message, <c>p</c> content and recipient identity (both erased on
/// delivery), <c>i</c> what statuses need (recipient, callback data, category, whether more than sent is told, whether the user had written within 24 hours). Clear: state, day, kind, envelope type, and of retries their
/// number and what is still to be done; <c>at</c>: when it became durable; <c>told</c>: the last state whose status row was looked after, be it told or queued;
/// <c>sent</c>, <c>delivered</c>: what counts it (<c>CountedMessage</c>).
/// </summary>
internal sealed partial class OutboundRow(Sealer sealer)
{
    internal const string DayColumn = "day";

    private const string StateColumn = "state";
    private const string TellsColumn = "tells";
    private const string TypeColumn = "type";
    private const string CiphertextColumn = "x";
    private const string ContentColumn = "p";
    private const string InfoColumn = "i";
    private const string RetriesColumn = "retries";
    private const string RetryColumn = "retry";
    private const string ToldColumn = "told";
    private const int IdentityBytes = 33;

    internal const string KeyPrefix = "O:";

    internal static string RowKey(EnvelopeId id) => KeyPrefix + id.Hex;

    internal static bool TryReadId(string rowKey, out EnvelopeId id)
    {
        id = default;
        return rowKey.StartsWith(KeyPrefix, StringComparison.Ordinal) && EnvelopeId.TryParse(rowKey[KeyPrefix.Length..], out id);
    }

    /// <summary>Whether it is a message of the business (not a receipt of its), committed on a day.</summary>
    internal static bool IsMessageOf(UtcDay day, TableRow row) => IsMessage(row) && row.Get(DayColumn, string.Empty) == day.Key;

    /// <summary>Whether it is a message of the business that has not left yet.</summary>
    internal static bool IsToLeave(TableRow row) =>
        IsMessage(row) && row.Get(StateColumn, (int)OutboundState.Failed) == (int)OutboundState.Committed;

    internal static bool IsMessage(TableRow row) => row.Get(TellsColumn, false);

    internal async ValueTask<TableWrite> InsertAsync(
        ConversationKey key, OutboundMessage message, string? lookupRow, DateTimeOffset at, CancellationToken cancellationToken)
    {
        UtcDay day = UtcDay.Of(at);
        string row = RowKey(message.Id);
        byte[] info = JsonSerializer.SerializeToUtf8Bytes(new SealedInfo(message.To.Digits, message.CallbackData, message.Category == MessageCategory.Service ? null : (int)message.Category, message.IsSentOnly ? true : null, message.IsInWindow ? true : null), OutboundRowJson.Default.SealedInfo);
        Dictionary<string, object> columns = new()
        {
            [StateColumn] = (int)message.State,
            [DayColumn] = day.Key,
            [RowTime.Column] = at.ToUnixTimeMilliseconds(),
            [TellsColumn] = message.TellsStatus,
            [InfoColumn] = await SealAsync(key, row, InfoColumn, day, info, cancellationToken),
        };
        if (lookupRow is not null)
        {
            columns[SessionRow.LookupColumn] = lookupRow;
        }

        if (message.Accepted is { } accepted)
        {
            columns[RowTime.AcceptedColumn] = accepted.ToUnixTimeMilliseconds();
        }

        if (message is { Ciphertext: { } ciphertext, EnvelopeType: { } type })
        {
            columns[TypeColumn] = type;
            columns[CiphertextColumn] = await SealAsync(key, row, CiphertextColumn, day, ciphertext, cancellationToken);
        }

        if (message is { Content: { } content, RecipientIdentity: { } identity })
        {
            byte[] kept = [.. identity, .. content];
            columns[ContentColumn] = await SealAsync(key, row, ContentColumn, day, kept, cancellationToken);
        }

        return TableWrite.Insert(row, columns);
    }

    /// <summary>Moves the state on. From delivery (or failure) on, ciphertext and content are erased.</summary>
    internal static TableWrite Advance(EnvelopeId id, string? etag, OutboundState state, bool erase)
    {
        Dictionary<string, object> columns = new() { [StateColumn] = (int)state, [RetryColumn] = (int)RetryStep.None };
        if (erase)
        {
            columns[CiphertextColumn] = Array.Empty<byte>();
            columns[ContentColumn] = Array.Empty<byte>();
        }

        return TableWrite.Merge(RowKey(id), etag, columns);
    }

    /// <summary>Notes which statuses were looked after: of each message the last, and only those that another may follow.</summary>
    internal static IEnumerable<TableWrite> NoteTold(IEnumerable<WebhookMark> marks) =>
        from mark in marks
        where mark.NotesStatus
        let status = WebhookRow.ParseStatus(mark.RowKey)
        where status is { State: OutboundState.Sent or OutboundState.Delivered or OutboundState.Read }
        group status.Value.State by status.Value.Message into message
        select TableWrite.Merge(RowKey(message.Key), null, new Dictionary<string, object> { [ToldColumn] = (int)message.Max() });

    /// <summary>Notes that the device asked for the content again.</summary>
    internal static TableWrite AskAgain(EnvelopeId id, string? etag) =>
        TableWrite.Merge(RowKey(id), etag, new Dictionary<string, object> { [RetryColumn] = (int)RetryStep.Asked });

    /// <summary>Puts a new ciphertext of the same content in the place of the one that could not be decrypted.</summary>
    internal async ValueTask<TableWrite> EncryptAgainAsync(
        ConversationKey key, OutboundMessage message, string type, byte[] ciphertext, UtcDay day, CancellationToken cancellationToken) =>
        TableWrite.Merge(RowKey(message.Id), message.ETag, new Dictionary<string, object>
        {
            [TypeColumn] = type,
            [CiphertextColumn] = await SealAsync(key, RowKey(message.Id), CiphertextColumn, day, ciphertext, cancellationToken),
            [RetriesColumn] = message.Retries + 1,
            [RetryColumn] = (int)RetryStep.Encrypted,
        });

    /// <summary>Null when the key of its day was destroyed.</summary>
    internal async ValueTask<OutboundMessage?> ReadAsync(
        ConversationKey key, EnvelopeId id, TableRow row, bool withContent, CancellationToken cancellationToken)
    {
        byte[]? info = await OpenAsync(key, row, InfoColumn, cancellationToken);
        if (info is null)
        {
            return null;
        }

        SealedInfo opened = JsonSerializer.Deserialize(info, OutboundRowJson.Default.SealedInfo) ?? throw new SealBrokenException();
        byte[]? ciphertext = await OpenAsync(key, row, CiphertextColumn, cancellationToken);
        RetryStep retry = (RetryStep)row.Get(RetryColumn, 0);
        byte[]? kept = withContent || retry == RetryStep.Asked ? await OpenAsync(key, row, ContentColumn, cancellationToken) : null;
        return new OutboundMessage
        {
            Id = id,
            State = (OutboundState)row.Get<int>(StateColumn),
            ETag = row.ETag,
            TellsStatus = row.Get<bool>(TellsColumn),
            To = PhoneNumber.TryParse(opened.To, out PhoneNumber? to) ? to : throw new SealBrokenException(),
            CallbackData = opened.CallbackData,
            Category = (MessageCategory)(opened.Category ?? 0),
            IsSentOnly = opened.SentOnly ?? false,
            IsInWindow = opened.InWindow ?? false,
            EnvelopeType = ciphertext is null ? null : row.Get<string>(TypeColumn),
            Ciphertext = ciphertext,
            RecipientIdentity = kept?[..IdentityBytes],
            Content = kept?[IdentityBytes..],
            Retries = row.Get(RetriesColumn, 0),
            Retry = retry,
            Told = (OutboundState)row.Get(ToldColumn, 0),
        };
    }

    private static SealedPlace Place(ConversationKey key, string row, string column) => new(TableNames.Conversations, key.Partition, row, column);

    private ValueTask<byte[]> SealAsync(ConversationKey key, string row, string column, UtcDay day, byte[] plain, CancellationToken cancellationToken) =>
        sealer.SealAsync(key.Business.Value, day, Place(key, row, column), plain, cancellationToken);

    private async ValueTask<byte[]?> OpenAsync(ConversationKey key, TableRow row, string column, CancellationToken cancellationToken)
    {
        byte[] blob = row.Get<byte[]>(column, []);
        return blob.Length == 0 ? null : await sealer.OpenAsync(key.Business.Value, Place(key, row.RowKey, column), blob, cancellationToken);
    }

    internal sealed record SealedInfo(string To, string? CallbackData, int? Category = null, bool? SentOnly = null, bool? InWindow = null)
    {
        public override string ToString() => "[redacted]";
    }

    [JsonSerializable(typeof(SealedInfo))]
    internal sealed partial class OutboundRowJson : JsonSerializerContext;
}
