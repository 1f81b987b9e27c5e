using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.PreKeys;
using Relay.Shared.Signal;
using Relay.Shared.Signal.Wire;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Messaging;

/// <summary>
/// Decrypts an envelope in memory. An identity key that this conversation doesn't know yet is believed only if the transport's
/// directory publishes it for the sender's number. Changes nothing anywhere; a used one-time pre-key is deleted by the caller,
/// after the commit.
/// </summary>
public sealed class InboundCipher(PreKeyStore preKeys, TransportClient transport)
{
    internal async Task<DecryptResult> DecryptAsync(
        SessionSlot slot, BusinessNumber number, InboundBody body, CancellationToken cancellationToken)
    {
        SessionRecord? record = slot.Content?.Record;
        if (body.Type != Envelope.PreKey)
        {
            return SessionCipher.Decrypt(record, number.Identity, number.RegistrationId, new SignalCiphertext(SignalMessageKind.Message, body.Content), null);
        }

        if (!PreKeySignalMessage.TryParse(body.Content, out PreKeySignalMessage? message))
        {
            return new DecryptResult(SessionOutcome.Malformed);
        }

        if (!message.IdentityKey.Equals(record?.RemoteIdentity) && !await IsPublishedAsync(number, body, message.IdentityKey, cancellationToken))
        {
            return new DecryptResult(SessionOutcome.UntrustedIdentity);
        }

        SignalCiphertext ciphertext = new(SignalMessageKind.PreKey, body.Content);
        if (record?.HasSessionFor(message) == true)
        {
            return SessionCipher.Decrypt(record, number.Identity, number.RegistrationId, ciphertext, null);
        }

        using SignedPreKeyPair? signed = await preKeys.FindSignedAsync(number.Business, number.Id, message.SignedPreKeyId, cancellationToken);
        if (signed is null)
        {
            return new DecryptResult(SessionOutcome.UnknownPreKey);
        }

        using PreKeyPair? oneTime = message.PreKeyId is { } id
            ? await preKeys.FindOneTimeAsync(number.Business, number.Id, id, cancellationToken)
            : null;
        return SessionCipher.Decrypt(record, number.Identity, number.RegistrationId, ciphertext, new ResponderPreKeys(signed, oneTime));
    }

    private async Task<bool> IsPublishedAsync(BusinessNumber number, InboundBody body, PublicKey identity, CancellationToken cancellationToken)
    {
        if (number.Credential is not { } credential)
        {
            return false;
        }

        TransportResult<IdentityResponse> found = await transport.FindIdentityAsync(credential, body.From, cancellationToken);
        if (!found.IsSuccess)
        {
            return found.Failure.Code == TransportErrorCode.UnknownNumber
                ? false
                : throw new HttpRequestException("The transport refuses for now.");
        }

        return identity.Serialized.SequenceEqual(found.Value.IdentityKey);
    }
}
