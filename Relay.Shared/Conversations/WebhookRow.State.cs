using System.Globalization;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Conversations;

/// <summary>What these rows say without any key: enough for history, replay and erasure.</summary>
internal sealed partial class WebhookRow
{
    internal const string InboundPrefix = "R:";
    internal const string StatusPrefix = "W:";

    private const string InnerColumn = "inner";
    private const string EnvelopeColumn = "envelope";
    private const string CodeColumn = "code";

    internal static bool IsOf(UtcDay day, TableRow row) => row.Get(DayColumn, string.Empty) == day.Key;

    /// <summary>Whether an <c>R</c> row tells a user's message, and is no receipt and no mark.</summary>
    internal static bool IsMessage(TableRow row) =>
        row.RowKey.StartsWith(InboundPrefix, StringComparison.Ordinal) && row.Columns.ContainsKey(PendingColumn) && !row.Columns.ContainsKey(TellColumn);

    /// <summary>The envelope of an <c>R</c> row.</summary>
    internal static bool TryReadInbound(string rowKey, out EnvelopeId id)
    {
        id = default;
        return rowKey.StartsWith(InboundPrefix, StringComparison.Ordinal) && EnvelopeId.TryParse(rowKey[InboundPrefix.Length..], out id);
    }

    /// <summary>The id by which the business knows the message of an <c>R</c> row; null when the row's key is none of ours.</summary>
    internal static EnvelopeId? MessageIdOf(TableRow row) =>
        EnvelopeId.TryParse(row.Get(InnerColumn, string.Empty), out EnvelopeId inner) ? inner
        : row.RowKey.StartsWith(InboundPrefix, StringComparison.Ordinal) && EnvelopeId.TryParse(row.RowKey[InboundPrefix.Length..], out EnvelopeId id) ? id
        : null;

    /// <summary>For the mark of a content's own id: the envelope whose row tells it.</summary>
    internal static EnvelopeId? EnvelopeOf(TableRow row) => EnvelopeId.TryParse(row.Get(EnvelopeColumn, string.Empty), out EnvelopeId id) ? id : null;

    internal static WebhookState ReadState(TableRow row) => new()
    {
        RowKey = row.RowKey,
        At = RowTime.Of(row) ?? StartOf(row.Get(DayColumn, string.Empty)),
        IsPending = row.Get(PendingColumn, false),
        HasPayload = row.Get<byte[]>(PayloadColumn, []).Length > 0,
        States = States(row),
        ErrorCode = row.Columns.ContainsKey(CodeColumn) ? row.Get<int>(CodeColumn) : null,
    };

    /// <summary>Erases the payload of a row that is still as it was read.</summary>
    internal static TableWrite Erase(TableRow row) => Mark(new WebhookMark(row.RowKey) { Erases = true, ETag = row.ETag });

    private static void Note(Dictionary<string, object> columns, WebhookNotes notes)
    {
        Note(columns, notes.Used);
        if (notes.Inner is { } inner)
        {
            columns[InnerColumn] = inner.Hex;
        }

        if (notes.Accepted is { } accepted)
        {
            columns[RowTime.AcceptedColumn] = accepted.ToUnixTimeMilliseconds();
        }

        if (notes.ErrorCode is { } code)
        {
            columns[CodeColumn] = code;
        }
    }

    /// <summary>An earlier version noted the day alone.</summary>
    private static DateTimeOffset StartOf(string day) =>
        DateTimeOffset.TryParseExact(day, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset start) ? start : DateTimeOffset.UnixEpoch;
}

/// <summary>What a row says of an event and of telling it.</summary>
internal sealed record WebhookState
{
    internal required string RowKey { get; init; }

    /// <summary>When it became durable.</summary>
    internal required DateTimeOffset At { get; init; }

    internal required bool IsPending { get; init; }

    internal required bool HasPayload { get; init; }

    internal required IReadOnlyDictionary<SubscriberId, TellState> States { get; init; }

    internal int? ErrorCode { get; init; }

    /// <summary>Whether everyone that wanted it was told: nothing but a replay window keeps its payload.</summary>
    internal bool IsTold => !IsPending && !States.Values.Contains(TellState.GivenUp);

    public override string ToString() => RowKey;
}
