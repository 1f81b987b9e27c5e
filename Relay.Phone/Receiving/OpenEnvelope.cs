using System.Security.Cryptography;
using Relay.Phone.Keys;
using Relay.Phone.State;
using Relay.Shared.Content;
using Relay.Shared.Signal;
using Relay.Shared.Signal.Wire;
using Relay.Shared.Transport.Wire;

namespace Relay.Phone.Receiving;

/// <summary>
/// Decrypts one envelope inside a change of the state: the new session is stored and the one-time pre-keys that it used deleted
/// together. On failure nothing changes.
/// </summary>
internal static class OpenEnvelope
{
    internal static OpenedEnvelope Execute(PhoneData data, Conversation conversation, Envelope envelope)
    {
        using SessionRecord? record = conversation.OpenSession();
        if (envelope.Type == Envelope.Message)
        {
            return Apply(data, conversation, SessionCipher.Decrypt(
                record, data.Identity, data.RegistrationId, new SignalCiphertext(SignalMessageKind.Message, envelope.Content), null));
        }

        if (envelope.Type != Envelope.PreKey || !PreKeySignalMessage.TryParse(envelope.Content, out PreKeySignalMessage? first))
        {
            return new OpenedEnvelope(SessionOutcome.Malformed);
        }

        // Sessions of another identity are of no use to the new one: it starts a record of its own.
        bool hasNewIdentity = record is not null && !record.RemoteIdentity.Equals(first.IdentityKey);
        using LentPreKeys lent = new(data.Keys, first);
        OpenedEnvelope opened = Apply(data, conversation, SessionCipher.Decrypt(
            hasNewIdentity ? null : record,
            data.Identity,
            data.RegistrationId,
            new SignalCiphertext(SignalMessageKind.PreKey, envelope.Content),
            lent.Keys));
        return opened with { HasNewIdentity = hasNewIdentity && opened.IsApplied };
    }

    private static OpenedEnvelope Apply(PhoneData data, Conversation conversation, DecryptResult result)
    {
        if (!result.IsSuccess)
        {
            return new OpenedEnvelope(result.Outcome);
        }

        using SessionRecord next = result.Next;
        try
        {
            // A first message that opened a session with a last-resort key before would open it again once that session is gone.
            if (result.Opened is { } use && !data.Keys.Use(use))
            {
                return new OpenedEnvelope(SessionOutcome.Duplicate);
            }

            conversation.Keep(next);
            DeviceContent? content = DeviceContentCodec.Decode(result.Plaintext);
            return new OpenedEnvelope(content is null ? SessionOutcome.Malformed : SessionOutcome.Success, content) { IsApplied = true };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(result.Plaintext);
        }
    }
}
