using Relay.Phone.State;
using Relay.Shared.Devices;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;

namespace Relay.Phone.Sending;

/// <summary>Makes a session with somebody new from a pre-key bundle. Two at once make one: who comes second finds it made.</summary>
internal sealed class OpenConversation(PhoneStore store, TransportClient transport)
{
    /// <exception cref="PhoneException">No device has that number, or its keys are wrong.</exception>
    internal async Task ExecuteAsync(PhoneNumber with, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(data => IsOpen(data, with), cancellationToken))
        {
            return;
        }

        DeviceCredential credential = await store.ReadAsync(data => data.ToCredential(), cancellationToken);
        PreKeyBundle bundle = ToBundle(TransportRefusal.Require(await transport.TakeBundleAsync(credential, with, cancellationToken)));
        await store.ChangeAsync(data => Open(data, with, bundle), cancellationToken);
    }

    private static bool IsOpen(PhoneData data, PhoneNumber with) =>
        data.Conversations.TryGetValue(with.Digits, out Conversation? conversation) && conversation.Session is not null;

    private static bool Open(PhoneData data, PhoneNumber with, PreKeyBundle bundle)
    {
        if (!IsOpen(data, with))
        {
            (SessionOutcome outcome, SessionRecord? next) = SessionCipher.Initiate(null, data.Identity, data.RegistrationId, bundle);
            using SessionRecord record = next ?? throw BadKeys(outcome);
            data.ConversationWith(with).Keep(record);
        }

        return true;
    }

    private static PreKeyBundle ToBundle(BundleResponse response) =>
        PublishedBundle.TryRead(response, out PreKeyBundle? bundle) ? bundle : throw BadKeys(SessionOutcome.BadKey);

    private static PhoneException BadKeys(SessionOutcome outcome) => new($"The keys published for that number can't be used ({outcome}).");
}
