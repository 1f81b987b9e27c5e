using Relay.Phone.State;
using Relay.Shared.Content;
using Relay.Shared.Primitives;

namespace Relay.Phone.Sending;

/// <summary>Sends receipts when the user asks for them.</summary>
internal sealed class SendReceipts(PhoneStore store, EmptyOutbox emptyOutbox, TimeProvider time)
{
    /// <summary>Sends <c>read</c> receipts for messages that had none; tells how many it were. Ids that are unknown or read already count for nothing.</summary>
    /// <param name="ids">Which; all when null.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async Task<int> MarkReadAsync(IReadOnlyCollection<EnvelopeId>? ids, CancellationToken cancellationToken)
    {
        HashSet<string>? chosen = ids?.Select(id => id.Hex).ToHashSet();
        int count = await store.ChangeAsync(data => Queue(data, chosen), cancellationToken);
        await emptyOutbox.ExecuteAsync(cancellationToken);
        return count;
    }

    internal async Task SendAsync(PhoneNumber to, string status, IReadOnlyCollection<EnvelopeId> ids, CancellationToken cancellationToken)
    {
        if (status is not (ContentReceipt.Delivered or ContentReceipt.Read or ContentReceipt.Played))
        {
            throw new ArgumentException("There is no such receipt.", nameof(status));
        }

        await store.ChangeAsync(data => Queue(data, to, status, [.. ids.Select(id => id.Hex)]), cancellationToken);
        await emptyOutbox.ExecuteAsync(cancellationToken);
    }

    private int Queue(PhoneData data, PhoneNumber to, string status, string[] ids)
    {
        QueueReceipt.Execute(data, to, status, ids, time.GetUtcNow());
        return status == ContentReceipt.Read ? data.ConversationWith(to).Unread.RemoveAll(ids.Contains) : 0;
    }

    private int Queue(PhoneData data, HashSet<string>? chosen)
    {
        int count = 0;
        foreach ((string digits, Conversation conversation) in data.Conversations)
        {
            string[] unread = [.. conversation.Unread.Where(id => chosen is null || chosen.Contains(id))];
            if (unread.Length > 0 && PhoneNumber.TryParse(digits, out PhoneNumber? to))
            {
                count += Queue(data, to, ContentReceipt.Read, unread);
            }
        }

        return count;
    }
}
