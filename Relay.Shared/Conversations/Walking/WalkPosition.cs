using System.Globalization;
using Relay.Shared.Primitives;

namespace Relay.Shared.Conversations.Walking;

/// <summary>
/// How far a walk is: of this day all lower shards are done, of this shard all lower conversations, of this conversation all rows up to
/// this one. As text <c>{day}.{shard}.{conversation}.{row}</c>: ids only.
/// </summary>
internal readonly record struct WalkPosition(UtcDay Day, int Shard, ConversationId Conversation, string Row)
{
    /// <summary>Sorts behind every row key.</summary>
    internal const string AllRows = "~";

    private const char Separator = '.';
    private static readonly ConversationId First = ConversationId.FromBytes(new byte[ConversationId.Size]);
    private static readonly ConversationId Last = ConversationId.FromBytes([.. Enumerable.Repeat((byte)0xff, ConversationId.Size)]);

    /// <summary>Nothing of the day is done.</summary>
    internal static WalkPosition StartOf(UtcDay day) => OfShard(day, 0);

    /// <summary>Nothing of the shard is done.</summary>
    internal static WalkPosition OfShard(UtcDay day, int shard) => new(day, shard, First, string.Empty);

    /// <summary>All of the shard is done.</summary>
    internal static WalkPosition EndOfShard(UtcDay day, int shard) => new(day, shard, Last, AllRows);

    internal string Encode() => string.Join(Separator, Day.Key, Shard.ToString(CultureInfo.InvariantCulture), Conversation.Hex, Row);

    internal static bool TryParse(string? text, out WalkPosition position)
    {
        position = default;
        if (text?.Split(Separator) is not [{ } day, { } shard, { } conversation, { } row]
            || !UtcDay.TryParse(day, out UtcDay parsedDay)
            || !int.TryParse(shard, NumberStyles.None, CultureInfo.InvariantCulture, out int parsedShard)
            || parsedShard >= ExpiryIndex.Shards
            || !ConversationId.TryParse(conversation, out ConversationId parsedConversation)
            || (row.Length > 0 && row != AllRows && !IsRow(row)))
        {
            return false;
        }

        position = new WalkPosition(parsedDay, parsedShard, parsedConversation, row);
        return true;
    }

    private static bool IsRow(string row) => WebhookRow.IsKey(row) || OutboundRow.TryReadId(row, out _);
}
