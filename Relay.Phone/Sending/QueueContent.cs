using Relay.Phone.State;
using Relay.Shared.Content;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Transport.Wire;

namespace Relay.Phone.Sending;

/// <summary>
/// Encrypts content with a correspondent's session and puts the ciphertext in the outbox: inside one change of the state, so
/// that the ratchet's step and the bytes it made are saved together, before anything leaves.
/// </summary>
internal static class QueueContent
{
    /// <exception cref="PhoneException">There is no session, or the content is too large.</exception>
    internal static OutboxEntry Execute(PhoneData data, PhoneNumber to, DeviceContent content)
    {
        Conversation conversation = data.ConversationWith(to);
        using SessionRecord record = conversation.OpenSession() ?? throw new PhoneException("There is no session with that number.");
        (SignalCiphertext message, SessionRecord next) = SessionCipher.Encrypt(record, data.Identity, Encode(content));
        conversation.Keep(next);
        next.Dispose();

        OutboxEntry entry = new()
        {
            To = to,
            Id = content.Id,
            Kind = message.Kind == SignalMessageKind.PreKey ? Envelope.PreKey : Envelope.Message,
            Content = message.Bytes,
            IsReceipt = content.Receipt is not null,
        };
        data.Outbox.Add(entry);
        return entry;
    }

    private static byte[] Encode(DeviceContent content)
    {
        try
        {
            return DeviceContentCodec.Encode(content);
        }
        catch (ArgumentException)
        {
            throw new PhoneException($"The message is larger than {DeviceContentCodec.MaxBytes / 1024} KiB.");
        }
    }
}
