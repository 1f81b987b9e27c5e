using Relay.Shared.Storage;

namespace Relay.Shared.Conversations;

/// <summary>Column <c>at</c> of the rows of a conversation that hold something of a message: when it became durable, in Unix milliseconds.</summary>
internal static class RowTime
{
    internal const string Column = "at";

    /// <summary>Null for the session and for what isn't about one message.</summary>
    internal static DateTimeOffset? Of(TableRow row) =>
        row.Get(Column, 0L) is > 0 and var at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
}
