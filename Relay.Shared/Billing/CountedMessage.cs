using System.Globalization;
using Relay.Shared.Conversations;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Billing;

/// <summary>
/// That a message is counted, as its own row says: columns <c>sent</c> and <c>delivered</c> of an <c>O</c> row, <c>received</c> of an <c>R</c> row, each
/// <c>{row of table counts}-{8 hex digits of the transaction}-{category}</c>. Written in the transaction that makes it true, so it is true once, and whoever reads the rows can count again.
/// </summary>
/// <param name="Id">The message's.</param>
/// <param name="Fact">What it is counted for.</param>
/// <param name="Row">The row of table <c>counts</c> that counts it.</param>
internal sealed record CountedMessage(string Id, UsageFact Fact, string Row)
{
    private const char Separator = '-';

    internal static string ColumnOf(UsageKind kind) => kind switch
    {
        UsageKind.Sent => "sent",
        UsageKind.Delivered => "delivered",
        UsageKind.Received => "received",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    internal static string Label(string row, string transaction, MessageCategory category) =>
        string.Create(CultureInfo.InvariantCulture, $"{row}{Separator}{transaction}{Separator}{(int)category}");

    /// <summary>All that a row of a conversation is counted for.</summary>
    internal static IEnumerable<CountedMessage> Of(TableRow row)
    {
        if (OutboundRow.TryReadId(row.RowKey, out EnvelopeId id))
        {
            return new[] { Read(row, id, UsageKind.Sent), Read(row, id, UsageKind.Delivered) }.OfType<CountedMessage>();
        }

        return WebhookRow.TryReadInbound(row.RowKey, out id) ? new[] { Read(row, id, UsageKind.Received) }.OfType<CountedMessage>() : [];
    }

    private static CountedMessage? Read(TableRow row, EnvelopeId id, UsageKind kind)
    {
        string label = row.Get(ColumnOf(kind), string.Empty);
        return label.Split(Separator) is [.. { Length: > 0 } counting, _, var last] && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out int category)
            ? new CountedMessage(id.Hex, new UsageFact(kind, (MessageCategory)category), string.Join(Separator, counting))
            : null;
    }
}
