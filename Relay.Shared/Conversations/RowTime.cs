using Relay.Shared.Storage;

namespace Relay.Shared.Conversations;

/// <summary>Column <c>at</c> of the rows of a conversation that hold something of a message: when it became durable, in Unix milliseconds.</summary>
internal static class RowTime
{
    internal const string Column = "at";

    /// <summary>When what failed was accepted, in Unix milliseconds: what tells its end outlives an erasure that was before.</summary>
    internal const string AcceptedColumn = "accepted";

    /// <summary>Whether a row tells the end of what was accepted after a time.</summary>
    internal static bool IsAcceptedAfter(TableRow row, DateTimeOffset time) => row.Get(AcceptedColumn, 0L) > time.ToUnixTimeMilliseconds();

    /// <summary>Null for the session and for what isn't about one message.</summary>
    internal static DateTimeOffset? Of(TableRow row) =>
        row.Get(Column, 0L) is > 0 and var at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
}
