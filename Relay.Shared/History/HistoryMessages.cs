using Relay.Shared.Conversations;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.History;

/// <summary>Finds the row of one message by its id.</summary>
public sealed class HistoryMessages(ITableStore tables, MessageIds ids)
{
    /// <summary>Null when it is no message id of this business and number.</summary>
    internal ValueTask<MessageLocator?> LocateAsync(BusinessId business, PhoneNumberId number, string messageId, CancellationToken cancellationToken) =>
        ids.ReadAsync(business, number, messageId, cancellationToken);

    /// <summary>Null when there is no such message in storage: not yet, or no more.</summary>
    internal async Task<HistoryMessage?> FindAsync(ConversationKey key, MessageLocator locator, CancellationToken cancellationToken)
    {
        if (locator.Direction == MessageDirection.FromBusiness)
        {
            TableRow? own = await GetAsync(key, OutboundRow.RowKey(locator.Message), cancellationToken);
            return own is not null && OutboundRow.IsMessage(own) ? HistoryMessage.Of(key, own) : null;
        }

        TableRow? row = await GetAsync(key, WebhookRow.InboundKey(locator.Message), cancellationToken);
        if (row is not null && WebhookRow.EnvelopeOf(row) is { } envelope)
        {
            // Its content came in an envelope of another id, and lies there.
            row = await GetAsync(key, WebhookRow.InboundKey(envelope), cancellationToken);
        }

        return row is not null && WebhookRow.IsMessage(row) && HistoryMessage.Of(key, row) is { } message && message.Locator == locator ? message : null;
    }

    private Task<TableRow?> GetAsync(ConversationKey key, string row, CancellationToken cancellationToken) =>
        tables.GetAsync(TableNames.Conversations, key.Partition, row, cancellationToken);
}
