using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Messaging;

/// <summary>
/// Encrypts a stored message again because its device asked for it: session and new ciphertext in one transaction, each guarded by its
/// ETag, so that of two runs one does it and the other finds it done. The ciphertext goes out under an id of its own.
/// </summary>
public sealed class EncryptAgain(ConversationStore conversations, LookupStore lookup, OutboundCipher cipher, FailMessage failMessage)
{
    private const int MaxRaces = 10;

    /// <summary>The message as it may leave now; null when it ended as failed, or nothing is left to do. Throws when too many races were lost.</summary>
    /// <exception cref="TimeoutException">Too many races were lost: try again later.</exception>
    internal async Task<OutboundMessage?> ExecuteAsync(WorkItem item, BusinessNumber number, OutboundMessage message, CancellationToken cancellationToken)
    {
        OutboundMessage? current = message;
        for (int race = 0; race < MaxRaces; race++)
        {
            if (current is not { Retry: RetryStep.Asked, Content: { } content, RecipientIdentity: { } identity })
            {
                return current;
            }

            using SessionSlot slot = await conversations.LoadSessionAsync(item.Key, cancellationToken);
            using EncryptedContent encrypted = await cipher.EncryptAsync(
                slot, number, current.To, IdentityKeyHash.Of(identity), content, isFresh: false, cancellationToken);
            if (encrypted is not { Error: null, Type: { } type, Ciphertext: { } ciphertext })
            {
                await failMessage.EndAsync(item, number, current, encrypted.Error ?? Unexpected, cancellationToken);
                return null;
            }

            ConversationCommit commit = conversations.Begin(item.Key, item.Number);
            await commit.EncryptAgainAsync(current, type, ciphertext, cancellationToken);
            await commit.PutSessionAsync(slot, encrypted.Next, await lookup.ReferenceAsync(number.Business, number.Id, current.To, cancellationToken), cancellationToken);
            await commit.SaveAsync(cancellationToken);
            current = await conversations.FindOutboundAsync(item.Key, message.Id, cancellationToken);
        }

        throw new TimeoutException("Other writers were quicker too often.");
    }

    private static GraphError Unexpected => GraphErrorCode.SomethingWentWrong.Because("The message could not be encrypted again.");
}
