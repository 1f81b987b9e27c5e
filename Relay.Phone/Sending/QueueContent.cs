using Relay.Phone.State;
using Relay.Shared.Content;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Transport.Wire;

namespace Relay.Phone.Sending;

/// <summary>
/// Encrypts content with a correspondent's session and puts the ciphertext in the outbox: inside one change of the state, so
/// that the ratchet's step and the bytes it made are saved together, before anything leaves. Messages are kept until they are confirmed.
/// </summary>
internal static class QueueContent
{
    /// <exception cref="PhoneException">There is no session, or the content is too large.</exception>
    internal static OutboxEntry Execute(PhoneData data, PhoneNumber to, DeviceContent content)
    {
        Conversation conversation = data.ConversationWith(to);
        using SessionRecord record = RequireSession(conversation);
        SecretBytes encoded = Encode(content);
        OutboxEntry entry = Queue(data, to, record, encoded, content.Id, null, content.Receipt is not null);

        // A first message has less room: it carries the keys that open the session.
        if (entry.Content.Length > TransportLimits.MaxEnvelopeBytes)
        {
            encoded.Dispose();
            throw new PhoneException("The message is too large to begin a conversation with.");
        }

        if (entry.IsReceipt)
        {
            encoded.Dispose();
            return entry;
        }

        conversation.Sent.Add(new SentMessage
        {
            Id = content.Id,
            SentAt = DateTimeOffset.FromUnixTimeSeconds(content.Timestamp),
            Content = encoded,
            Identity = record.RemoteIdentity.ToBytes(),
            Envelopes = [entry.TransportId],
        });
        return entry;
    }

    /// <summary>Encrypts a message again for its reader, who couldn't decrypt it, under an envelope id of its own.</summary>
    internal static void Again(PhoneData data, PhoneNumber to, SentMessage message)
    {
        using SessionRecord record = RequireSession(data.ConversationWith(to));
        OutboxEntry entry = Queue(data, to, record, message.Content, message.Id, EnvelopeId.Create().Hex, isReceipt: false);
        message.Envelopes.Add(entry.TransportId);
    }

    private static SessionRecord RequireSession(Conversation conversation) =>
        conversation.OpenSession() ?? throw new PhoneException("There is no session with that number.");

    private static OutboxEntry Queue(
        PhoneData data, PhoneNumber to, SessionRecord record, SecretBytes content, string id, string? envelopeId, bool isReceipt)
    {
        (SignalCiphertext message, SessionRecord next) = SessionCipher.Encrypt(record, data.Identity, content.Reveal());
        data.ConversationWith(to).Keep(next);
        next.Dispose();
        OutboxEntry entry = new()
        {
            To = to,
            Id = id,
            EnvelopeId = envelopeId,
            Kind = message.Kind == SignalMessageKind.PreKey ? Envelope.PreKey : Envelope.Message,
            Content = message.Bytes,
            IsReceipt = isReceipt,
        };
        data.Outbox.Add(entry);
        return entry;
    }

    private static SecretBytes Encode(DeviceContent content)
    {
        try
        {
            return SecretBytes.Own(DeviceContentCodec.Encode(content));
        }
        catch (ArgumentException)
        {
            throw new PhoneException($"The message is larger than {DeviceContentCodec.MaxBytes / 1024} KiB.");
        }
    }
}
