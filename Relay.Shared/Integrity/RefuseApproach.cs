using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Graph;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Integrity;

/// <summary>
/// Refuses at the door what the transport would refuse later: messages of a business that is restricted, or has used up its tier, to users who did not write within 24 hours
/// and were not messaged before. A business that is neither costs no call.
/// </summary>
public sealed class RefuseApproach(BusinessStandings standings, ConversationStore conversations, TimeProvider time)
{
    /// <summary>Null when it may be accepted.</summary>
    internal async ValueTask<GraphError?> CheckAsync(
        BusinessNumber number, PhoneNumber to, ConversationId conversation, CancellationToken cancellationToken)
    {
        if (standings.WhyStopped(number.Business) is not { } why)
        {
            return null;
        }

        using SessionSlot slot = await conversations.LoadSessionAsync(new ConversationKey(number.Business, conversation), cancellationToken);
        if (ServiceWindow.IsOpen(slot.Heard, time.GetUtcNow()))
        {
            return null;
        }

        if (why == TransportErrorCode.Restricted)
        {
            return StandingErrors.Restricted;
        }

        return await standings.AdmitsAsync(number, to, cancellationToken) ? null : StandingErrors.TierLimit;
    }
}
