using System.Runtime.CompilerServices;
using Relay.Shared.Content;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Conversations;

/// <summary>All of a conversation, for the user whom it is about.</summary>
public sealed partial class ConversationStore
{
    /// <summary>More rows than any user can have been sent within 30 days.</summary>
    private const int MaxRecords = 1_000_000;

    /// <summary>Messages and statuses with their content where it is still there; neither sessions nor the marks of receipts.</summary>
    internal async IAsyncEnumerable<ConversationRecord> ListRecordsAsync(ConversationKey key, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (TableRow row in tables.QueryAsync(TableNames.Conversations, TableRange.Partition(key.Partition, MaxRecords), cancellationToken))
        {
            if (OutboundRow.TryReadId(row.RowKey, out EnvelopeId id))
            {
                if (OutboundRow.IsMessage(row) && await Outbound.ReadAsync(key, id, row, withContent: true, cancellationToken) is { } message)
                {
                    yield return new ConversationRecord
                    {
                        Message = id,
                        IsUsers = false,
                        Day = row.Get(OutboundRow.DayColumn, string.Empty),
                        At = RowTime.Of(row),
                        State = message.State,
                        CallbackData = message.CallbackData,
                        Content = Unpad(message.Content),
                    };
                }
            }
            else if (await ReadToldAsync(key, row, cancellationToken) is { } told)
            {
                yield return told;
            }
        }
    }

    private async Task<ConversationRecord?> ReadToldAsync(ConversationKey key, TableRow row, CancellationToken cancellationToken)
    {
        bool isUsers = WebhookRow.IsMessage(row);
        (EnvelopeId Message, OutboundState State)? status = WebhookRow.ParseStatus(row.RowKey);
        if ((isUsers ? WebhookRow.MessageIdOf(row) : status?.Message) is not { } message)
        {
            return null;
        }

        PendingWebhook opened = await Webhooks.ReadAsync(key, row, cancellationToken);
        return new ConversationRecord
        {
            Message = message,
            IsUsers = isUsers,
            Day = row.Get(WebhookRow.DayColumn, string.Empty),
            At = opened.At,
            State = status?.State,
            IsStatus = !isUsers,
            Content = opened.Payload,
            IsWebhook = true,
        };
    }

    private static byte[]? Unpad(byte[]? content) =>
        content is not null && ContentPadding.TryUnpad(content, out ReadOnlySpan<byte> json) ? json.ToArray() : null;
}
