using Relay.Shared.Conversations;
using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.PhoneNumbers.Blocking;

/// <summary>Whether a user wrote to a number within the last 24 hours, as the conversation's own rows say; what was deleted is not counted.</summary>
public sealed class RecentContact(LookupStore lookup, ITableStore tables, TimeProvider time)
{
    internal static readonly TimeSpan Window = TimeSpan.FromHours(24);

    private const string Inbound = "R:";

    /// <summary>Rows of a conversation that are looked at.</summary>
    private const int MaxRows = 10_000;

    internal async Task<bool> ExistsAsync(BusinessId business, PhoneNumberId number, PhoneNumber user, CancellationToken cancellationToken)
    {
        if (await lookup.FindAsync(business, number, user, cancellationToken) is not { } conversation)
        {
            return false;
        }

        DateTimeOffset since = time.GetUtcNow() - Window;
        TableRange rows = TableRange.StartingWith(new ConversationKey(business, conversation).Partition, Inbound, MaxRows);
        await foreach (TableRow row in tables.QueryAsync(TableNames.Conversations, rows, cancellationToken))
        {
            if (WebhookRow.IsMessage(row) && RowTime.Of(row) >= since)
            {
                return true;
            }
        }

        return false;
    }
}
