using Relay.Shared.Conversations;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.History;

/// <summary>One message of the history, and for a user's the row that tells it.</summary>
internal sealed record HistoryMessage(ConversationKey Key, MessageLocator Locator, TableRow Row)
{
    /// <summary>The rows of both directions, as a walk meets them.</summary>
    internal static IReadOnlyList<string> Kinds { get; } = [OutboundRow.KeyPrefix, WebhookRow.InboundPrefix];

    /// <summary>Whether a row is a message that became durable on a day: the business's own, or a user's; no receipt and no mark.</summary>
    internal static bool IsMessageOf(UtcDay day, TableRow row) => row.RowKey.StartsWith(OutboundRow.KeyPrefix, StringComparison.Ordinal)
        ? OutboundRow.IsMessageOf(day, row)
        : WebhookRow.IsMessage(row) && WebhookRow.IsOf(day, row);

    /// <summary>What a row of <see cref="Kinds"/> that is a message stands for; null when its key is none of ours.</summary>
    internal static HistoryMessage? Of(ConversationKey key, TableRow row)
    {
        if (OutboundRow.TryReadId(row.RowKey, out EnvelopeId own))
        {
            return new HistoryMessage(key, new MessageLocator(MessageDirection.FromBusiness, key.Conversation, own), row);
        }

        return WebhookRow.MessageIdOf(row) is { } id
            ? new HistoryMessage(key, new MessageLocator(MessageDirection.FromUser, key.Conversation, id), row)
            : null;
    }

    public override string ToString() => $"{Key}/{Row.RowKey}";
}
