using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Conversations;

/// <summary>
/// What a business is to be told, durable before it is told: <c>R:{envelope id}</c> for an inbound message (also the mark against
/// duplicates) and <c>W:{message id}:{status}</c> for a status. <c>p</c> is the sealed webhook body, erased when told.
/// An inbound receipt has no body of its own: its R row lists in <c>tell</c> the status rows that it brought.
/// </summary>
internal sealed class WebhookRow(Sealer sealer)
{
    internal const string DayColumn = "day";

    private const string PendingColumn = "pending";
    private const string PayloadColumn = "p";
    private const string TellColumn = "tell";
    private const char TellSeparator = ',';
    private const int MaxKeyLength = 64;

    internal static string InboundKey(EnvelopeId id) => "R:" + id.Hex;

    internal static string StatusKey(EnvelopeId id, string status) => $"W:{id.Hex}:{status}";

    /// <summary>Whether a text is a key that one of these rows may have.</summary>
    internal static bool IsKey(string? text) => text is { Length: > 2 and <= MaxKeyLength }
        && (text.StartsWith("R:", StringComparison.Ordinal) || text.StartsWith("W:", StringComparison.Ordinal))
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '_');

    internal async ValueTask<TableWrite> InsertAsync(ConversationKey key, string rowKey, byte[] payload, UtcDay day, CancellationToken cancellationToken) =>
        TableWrite.Insert(rowKey, new Dictionary<string, object>
        {
            [PendingColumn] = true,
            [DayColumn] = day.Key,
            [PayloadColumn] = await sealer.SealAsync(key.Business.Value, day, Place(key, rowKey), payload, cancellationToken),
        });

    /// <summary>An R row that has nothing to tell, or that points to the status rows to tell.</summary>
    internal static TableWrite InsertMark(string rowKey, IReadOnlyCollection<string> tell, string? lookupRow, UtcDay day)
    {
        Dictionary<string, object> columns = new()
        {
            [PendingColumn] = tell.Count > 0,
            [DayColumn] = day.Key,
            [TellColumn] = string.Join(TellSeparator, tell),
        };
        if (lookupRow is not null)
        {
            columns[SessionRow.LookupColumn] = lookupRow;
        }

        return TableWrite.Insert(rowKey, columns);
    }

    internal static TableWrite Done(string rowKey) => TableWrite.Merge(rowKey, null, new Dictionary<string, object>
    {
        [PendingColumn] = false,
        [PayloadColumn] = Array.Empty<byte>(),
    });

    internal async ValueTask<PendingWebhook> ReadAsync(ConversationKey key, TableRow row, CancellationToken cancellationToken)
    {
        string tell = row.Get(TellColumn, string.Empty);
        bool pending = row.Get<bool>(PendingColumn);
        byte[] blob = row.Get<byte[]>(PayloadColumn, []);
        byte[]? payload = pending && blob.Length > 0
            ? await sealer.OpenAsync(key.Business.Value, Place(key, row.RowKey), blob, cancellationToken)
            : null;
        return new PendingWebhook(row.RowKey, pending, payload, tell.Length == 0 ? [] : tell.Split(TellSeparator));
    }

    private static SealedPlace Place(ConversationKey key, string rowKey) => new(TableNames.Conversations, key.Partition, rowKey, PayloadColumn);
}

/// <summary>Something to be told, as read back.</summary>
/// <param name="RowKey">Its row.</param>
/// <param name="IsPending">False once told (or when there was nothing to tell).</param>
/// <param name="Payload">The webhook body; null when told, when its key was destroyed, and for a receipt.</param>
/// <param name="Tell">The status rows a receipt brought.</param>
public sealed record PendingWebhook(string RowKey, bool IsPending, byte[]? Payload, IReadOnlyList<string> Tell)
{
    public override string ToString() => RowKey;
}
