using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.PreKeys;
using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;
using Relay.Shared.Signal.Wire;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Messaging;

/// <summary>
/// Decrypts an envelope in memory. An identity key that this conversation doesn't know yet is believed only if the transport's
/// directory publishes it for the sender's number. Changes nothing but a note that a last-resort key was used; used one-time
/// pre-keys are deleted by the caller, after the commit.
/// </summary>
public sealed class InboundCipher(PreKeyStore preKeys, AccountDirectory accounts, TransportClient transport)
{
    /// <summary>
    /// Null when another arrival is opening the same session just now: try again later. A repeat of a first message whose session is
    /// gone looks the same.
    /// </summary>
    internal async Task<DecryptResult?> DecryptAsync(
        SessionSlot slot, BusinessNumber number, WorkItem item, InboundBody body, CancellationToken cancellationToken)
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
        return record?.HasSessionFor(message) == true
            ? SessionCipher.Decrypt(record, number.Identity, number.RegistrationId, ciphertext, null)
            : await OpenAsync(record, number, item, message, ciphertext, cancellationToken);
    }

    private async Task<DecryptResult?> OpenAsync(
        SessionRecord? record,
        BusinessNumber number,
        WorkItem item,
        PreKeySignalMessage message,
        SignalCiphertext ciphertext,
        CancellationToken cancellationToken)
    {
        using SignedPreKeyPair? signed = await preKeys.FindSignedAsync(number.Business, number.Id, message.SignedPreKeyId, cancellationToken);
        if (signed is null)
        {
            return new DecryptResult(SessionOutcome.UnknownPreKey);
        }

        using PreKeyPair? oneTime = message.PreKeyId is { } id
            ? await preKeys.FindOneTimeAsync(number.Business, number.Id, id, cancellationToken)
            : null;
        (KyberPreKeyPair Pair, bool IsLastResort)? kyber = message.KyberPreKeyId is { } kyberId
            ? await preKeys.FindKyberAsync(number.Business, number.Id, kyberId, cancellationToken)
            : null;
        using KyberPreKeyPair? pair = kyber?.Pair;
        SignalPolicy policy = await accounts.PolicyAsync(number.Business, cancellationToken);
        DecryptResult result = SessionCipher.Decrypt(
            record, number.Identity, number.RegistrationId, ciphertext, new ResponderPreKeys(signed, oneTime, pair), new SessionOptions { Policy = policy });

        // What names a one-time key can't be read twice. Only what is authentic leaves a note: nobody else can fill the table with them.
        bool canRepeat = message.PreKeyId is null && kyber is null or { IsLastResort: true };
        if (!result.IsSuccess || !canRepeat || await preKeys.NoteUseAsync(
            number.Id, message.KyberPreKeyId ?? message.SignedPreKeyId, message.BaseKey, $"{item.Id}@{item.AcceptedAt}", cancellationToken))
        {
            return result;
        }

        result.Next.Dispose();
        return null;
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
