using Relay.Phone.Events;
using Relay.Phone.Sending;
using Relay.Phone.State;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;

namespace Relay.Phone.Receiving;

/// <summary>
/// Encrypts again what its reader couldn't decrypt, inside the change of the state that read the asking: in the session that the
/// asking came in, for the identity that the message was meant for, three times at most. What may not be becomes an event.
/// </summary>
internal static class AnswerRetry
{
    internal static IEnumerable<PhoneEvent> Execute(PhoneData data, PhoneNumber from, IEnumerable<string> envelopeIds)
    {
        Conversation conversation = data.ConversationWith(from);
        SentMessage[] messages = [.. envelopeIds.Select(conversation.Sent.FindByEnvelope).OfType<SentMessage>().Distinct()];
        List<PhoneEvent> events = [];
        foreach (SentMessage message in messages)
        {
            if (Refusal(conversation, message) is not { } reason)
            {
                QueueContent.Again(data, from, message);
                continue;
            }

            events.Add(new MessageRefused { Id = message.Id, To = from, Reason = reason });
            conversation.Sent.Remove(message);
        }

        return events;
    }

    private static string? Refusal(Conversation conversation, SentMessage message)
    {
        using SessionRecord? record = conversation.OpenSession();
        return record is null || !message.IsFor(record.RemoteIdentity) ? MessageRefused.IdentityChanged
            : message.Retries >= EnvelopeId.MaxRetries ? MessageRefused.Undecryptable
            : null;
    }
}
