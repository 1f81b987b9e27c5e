using Relay.Shared.Primitives;

namespace Relay.Shared.Conversations;

/// <summary>One conversation of one tenant: a partition of table <c>conversations</c>.</summary>
public readonly record struct ConversationKey(BusinessId Business, ConversationId Conversation)
{
    public string Partition => $"{Business.Value}-{Conversation.Hex}";

    public static bool TryParse(string partition, out ConversationKey key)
    {
        key = default;
        int dash = partition.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0 || !BusinessId.TryParse(partition[..dash], out BusinessId business) || !ConversationId.TryParse(partition[(dash + 1)..], out ConversationId conversation))
        {
            return false;
        }

        key = new ConversationKey(business, conversation);
        return true;
    }

    public override string ToString() => Partition;
}
