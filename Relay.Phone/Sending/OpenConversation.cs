using Relay.Phone.State;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;

namespace Relay.Phone.Sending;

/// <summary>
/// Makes a session with somebody new from a pre-key bundle, and another one where nobody answered the last for 30 days: its keys may be
/// gone. Two at once make one: who comes second finds it made.
/// </summary>
internal sealed class OpenConversation(PhoneStore store, TakeBundle takeBundle, TimeProvider time)
{
    /// <exception cref="PhoneException">No device has that number, or its keys are wrong.</exception>
    internal async Task ExecuteAsync(PhoneNumber with, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(data => IsOpen(data, with), cancellationToken))
        {
            return;
        }

        try
        {
            PreKeyBundle bundle = TakeBundle.Read(TransportRefusal.Require(await takeBundle.ExecuteAsync(with, cancellationToken)));
            await store.ChangeAsync(data => Open(data, with, bundle), cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            // The old session makes a message that waits in the outbox; it may yet be read.
            if (!await store.ReadAsync(data => data.ConversationWith(with).Session is not null, cancellationToken))
            {
                throw;
            }
        }
    }

    private bool IsOpen(PhoneData data, PhoneNumber with)
    {
        if (!data.Conversations.TryGetValue(with.Digits, out Conversation? conversation))
        {
            return false;
        }

        using SessionRecord? record = conversation.OpenSession();
        return record is not null && !conversation.IsUnanswered(record, time.GetUtcNow());
    }

    private bool Open(PhoneData data, PhoneNumber with, PreKeyBundle bundle)
    {
        if (!IsOpen(data, with))
        {
            OpenSession.Execute(data, with, bundle, time.GetUtcNow());
        }

        return true;
    }
}
