using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;

namespace Relay.Shared.Messaging;

/// <summary>Who is to get a message: by number, which costs nothing, or by business-scoped user id, which costs one read of the conversation's session.</summary>
public sealed class FindRecipient(UserIds userIds, ConversationStore conversations, LookupStore lookup)
{
    internal async ValueTask<Result<Recipient, GraphError>> ExecuteAsync(BusinessNumber number, OutgoingMessage message, CancellationToken cancellationToken)
    {
        if (message.To is { } to)
        {
            return to.Equals(number.Number) ? GraphErrorCode.RecipientIsSender.Because("to is the business's own number.") : new Recipient(to, null);
        }

        if (await userIds.ReadAsync(number.Business, number.Id, message.UserId, cancellationToken) is not { } conversation)
        {
            return GraphErrorCode.ParameterInvalid.Because("recipient is not a user_id that a webhook of this phone number gave.");
        }

        using SessionSlot slot = await conversations.LoadSessionAsync(new ConversationKey(number.Business, conversation), cancellationToken);
        return slot.Content is { } content
            ? new Recipient(content.Peer, conversation)
            : GraphErrorCode.Undeliverable.Because("recipient is a user_id that has ended: there was no message for 30 days, or the user was deleted. Put the phone number in to.");
    }

    internal async ValueTask<ConversationId> ConversationAsync(BusinessNumber number, Recipient recipient, CancellationToken cancellationToken) =>
        recipient.Conversation ?? await lookup.FindOrCreateAsync(number.Business, number.Id, recipient.Number, cancellationToken);
}

/// <param name="Number">Whom the message is for.</param>
/// <param name="Conversation">Where, if a user id said so.</param>
internal sealed record Recipient(PhoneNumber Number, ConversationId? Conversation)
{
    public override string ToString() => nameof(Recipient);
}
