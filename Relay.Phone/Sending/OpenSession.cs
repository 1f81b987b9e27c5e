using Relay.Phone.Events;
using Relay.Phone.State;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;

namespace Relay.Phone.Sending;

/// <summary>
/// Opens a session from a bundle, inside a change of the state. What there was is archived, so that messages on their way are still
/// read; sessions of another identity are of no use to the new one, and that it is another is told.
/// </summary>
internal static class OpenSession
{
    /// <exception cref="PhoneException">The bundle's keys are wrong.</exception>
    internal static void Execute(PhoneData data, PhoneNumber with, PreKeyBundle bundle, DateTimeOffset now)
    {
        Conversation conversation = data.ConversationWith(with);
        using SessionRecord? before = conversation.OpenSession();
        bool hasNewIdentity = before is not null && !before.RemoteIdentity.Equals(bundle.IdentityKey);
        (SessionOutcome outcome, SessionRecord? next) =
            SessionCipher.Initiate(hasNewIdentity ? null : before, data.Identity, data.RegistrationId, bundle);
        using SessionRecord record = next ?? throw TakeBundle.BadKeys(outcome);
        conversation.Keep(record);
        conversation.OpenedAt = now;
        if (hasNewIdentity)
        {
            data.ToInbox([new IdentityChanged { From = with }]);
        }
    }
}
