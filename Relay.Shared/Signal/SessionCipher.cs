// spec/signal.md §3.6 to §3.10, §4 and §5: the steps of a session. Records are never changed: every trial works on a copy, and
// only a success hands a next record out. Trust is the caller's: it compares identity keys before each step.

using Relay.Shared.Signal.Wire;

namespace Relay.Shared.Signal;

/// <summary>Opens sessions, seals and opens messages. Pure: keys and bytes in, bytes and the next record out.</summary>
public static class SessionCipher
{
    /// <summary>
    /// Opens a session from a published bundle with the strongest protocol that bundle and policy have in common; what existed is
    /// archived. Outcomes: Success, BadSignature, BadKey, Malformed, RefusedByPolicy.
    /// </summary>
    public static InitiateResult Initiate(
        SessionRecord? existing, IdentityKeyPair us, uint ourRegistrationId, PreKeyBundle bundle, SessionOptions? options = null)
    {
        using var draws = InitiatorDraws.Draw();
        return Initiate(existing, us, ourRegistrationId, bundle, options, draws);
    }

    /// <summary>Seals a message with the current session. Store <see cref="EncryptResult.Next"/> before the message leaves.</summary>
    /// <exception cref="ArgumentException">
    /// The record is another identity's or can't send (<see cref="SessionRecord.CanSend"/>), or the plaintext is too large.
    /// </exception>
    public static EncryptResult Encrypt(
        SessionRecord record, IdentityKeyPair us, ReadOnlySpan<byte> plaintext, SessionOptions? options = null) =>
        Encrypt(record, us, plaintext, options, spqrDraw: []);

    /// <summary>
    /// Opens a message. A first message needs the pre-keys it names, unless the record already has its session
    /// (<see cref="SessionRecord.HasSessionFor"/>). On any outcome but Success nothing has changed.
    /// </summary>
    public static DecryptResult Decrypt(
        SessionRecord? record,
        IdentityKeyPair us,
        uint ourRegistrationId,
        SignalCiphertext message,
        ResponderPreKeys? preKeys,
        SessionOptions? options = null) =>
        Decrypt(record, us, ourRegistrationId, message, preKeys, options, draw: null);

    /// <summary>With the draws given: used by vectors. They are not kept.</summary>
    internal static InitiateResult Initiate(
        SessionRecord? existing,
        IdentityKeyPair us,
        uint ourRegistrationId,
        PreKeyBundle bundle,
        SessionOptions? options,
        InitiatorDraws draws)
    {
        ArgumentNullException.ThrowIfNull(us);
        ArgumentNullException.ThrowIfNull(bundle);
        bool hasKyber = bundle.KyberPreKey is not null;
        if (bundle.PreKeyId is null != bundle.PreKey is null || bundle.KyberPreKeyId is null == hasKyber)
        {
            return new InitiateResult(SessionOutcome.Malformed);
        }

        SessionProtocols protocol = (options ?? SessionOptions.Default).Policy.Choose(hasKyber);
        if (protocol == SessionProtocols.None)
        {
            return new InitiateResult(SessionOutcome.RefusedByPolicy);
        }

        // Both are checked whatever is opened: a bundle with one bad signature is not the peer's.
        if (!XEdDsa.Verify(bundle.IdentityKey, bundle.SignedPreKey.Serialized, bundle.SignedPreKeySignature.Span)
            || (bundle.KyberPreKey is { } kyber && !XEdDsa.Verify(bundle.IdentityKey, kyber.Serialized, bundle.KyberPreKeySignature.Span)))
        {
            return new InitiateResult(SessionOutcome.BadSignature);
        }

        SessionState? fresh = SessionSetup.Initiate(us, ourRegistrationId, bundle, protocol, draws);
        return fresh is null
            ? new InitiateResult(SessionOutcome.BadKey)
            : new InitiateResult(SessionOutcome.Success, SessionRecord.Open(existing, fresh));
    }

    /// <summary>With the draw of SPQR given: used by vectors.</summary>
    internal static EncryptResult Encrypt(
        SessionRecord record, IdentityKeyPair us, ReadOnlySpan<byte> plaintext, SessionOptions? options, ReadOnlySpan<byte> spqrDraw)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(us);
        if (!record.Current.LocalIdentity.Equals(us.PublicKey))
        {
            throw new ArgumentException("The record belongs to another identity of ours.", nameof(record));
        }

        if (!record.CanSend)
        {
            throw new ArgumentException("All sessions of the record are retired from sending.", nameof(record));
        }

        if (plaintext.Length > SignalLimits.MaxPlaintextBytes)
        {
            throw new ArgumentException("The plaintext is too large.", nameof(plaintext));
        }

        SessionState next = record.Current.Clone();
        if (next.Pending is not { } pending)
        {
            return new EncryptResult(
                new SignalCiphertext(SignalMessageKind.Message, DoubleRatchet.Encrypt(next, plaintext, addresses: [], spqrDraw)),
                record.Adopt(0, next));
        }

        // §4: addresses only inside first messages of version 4.
        Span<byte> buffer = stackalloc byte[2 * SignalAddress.Bytes];
        ReadOnlySpan<byte> addresses = next.Version == WireVersion.PostQuantum ? (options ?? SessionOptions.Default).WriteSent(buffer) : [];
        byte[] message = DoubleRatchet.Encrypt(next, plaintext, addresses, spqrDraw);
        byte[] first = PreKeySignalMessage.Write(message, pending, next.BaseKey, next.LocalIdentity, next.LocalRegistrationId);
        return new EncryptResult(new SignalCiphertext(SignalMessageKind.PreKey, first), record.Adopt(0, next));
    }

    /// <summary>With the next ratchet key given: used by vectors. It is not kept.</summary>
    internal static DecryptResult Decrypt(
        SessionRecord? record,
        IdentityKeyPair us,
        uint ourRegistrationId,
        SignalCiphertext message,
        ResponderPreKeys? preKeys,
        SessionOptions? options,
        KeyPair? draw)
    {
        ArgumentNullException.ThrowIfNull(us);
        ArgumentNullException.ThrowIfNull(message);
        options ??= SessionOptions.Default;
        Span<byte> buffer = stackalloc byte[2 * SignalAddress.Bytes];
        ReadOnlySpan<byte> addresses = options.WriteReceived(buffer);
        return message.Kind switch
        {
            SignalMessageKind.Message => DecryptOrdinary(record, us, message.Bytes, addresses, draw),
            SignalMessageKind.PreKey => DecryptFirst(record, us, ourRegistrationId, message.Bytes, preKeys, options.Policy, addresses, draw),
            _ => new DecryptResult(SessionOutcome.Malformed),
        };
    }

    // §3.10: current, then archived, each on its own copy. A duplicate ends the search.
    private static DecryptResult DecryptOrdinary(
        SessionRecord? record, IdentityKeyPair us, byte[] bytes, ReadOnlySpan<byte> addresses, KeyPair? draw)
    {
        SessionOutcome outcome = SignalMessage.Parse(bytes, out SignalMessage? message);
        if (message is null)
        {
            return new DecryptResult(outcome);
        }

        outcome = SessionOutcome.NoSession;
        for (int i = 0; record is not null && i < record.Sessions.Length; i++)
        {
            SessionState session = record.Sessions[i];
            if (session.Version != message.Version || !session.LocalIdentity.Equals(us.PublicKey))
            {
                continue;
            }

            // The message doesn't say who sent it, and the caller judged the record's identity: it MUST NOT be another's, whose
            // session would become current again.
            if (!session.RemoteIdentity.Equals(record.RemoteIdentity))
            {
                continue;
            }

            SessionOutcome trial = DoubleRatchet.Decrypt(session, message, addresses, draw, out DoubleRatchet.Opened? opened);
            if (opened is not null)
            {
                return new DecryptResult(opened.Plaintext, record.Adopt(i, opened.Next));
            }

            // The verdict of the session that knows the sender's ratchet key counts, else that of the first one tried.
            bool knowsSender = session.FindReceiving(message.RatchetKey) is not null;
            outcome = knowsSender || outcome == SessionOutcome.NoSession ? trial : outcome;
            if (trial is SessionOutcome.Duplicate or SessionOutcome.WrongAddresses)
            {
                outcome = trial;
                break;
            }
        }

        return new DecryptResult(outcome);
    }

    // §3.7: the session of that base key if there is one, else a new one; and then this session only.
    private static DecryptResult DecryptFirst(
        SessionRecord? record,
        IdentityKeyPair us,
        uint ourRegistrationId,
        byte[] bytes,
        ResponderPreKeys? preKeys,
        SignalPolicy policy,
        ReadOnlySpan<byte> addresses,
        KeyPair? draw)
    {
        SessionOutcome outcome = PreKeySignalMessage.Parse(bytes, out PreKeySignalMessage? message);
        if (message is null)
        {
            return new DecryptResult(outcome);
        }

        int index = record?.IndexOf(message, us.PublicKey) ?? -1;
        if (record is not null && index >= 0)
        {
            outcome = DoubleRatchet.Decrypt(record.Sessions[index], message.Inner, addresses, draw, out DoubleRatchet.Opened? reopened);
            return reopened is null
                ? new DecryptResult(outcome)
                : new DecryptResult(reopened.Plaintext, record.Adopt(index, reopened.Next));
        }

        if (!policy.Allows(message.Protocol))
        {
            return new DecryptResult(SessionOutcome.RefusedByPolicy);
        }

        if (preKeys is null || !SessionSetup.AreNamedBy(message, preKeys))
        {
            return new DecryptResult(SessionOutcome.UnknownPreKey);
        }

        using SessionState? fresh = SessionSetup.Respond(us, ourRegistrationId, message, preKeys);
        if (fresh is null)
        {
            return new DecryptResult(SessionOutcome.BadKey);
        }

        outcome = DoubleRatchet.Decrypt(fresh, message.Inner, addresses, draw, out DoubleRatchet.Opened? opened);
        return opened is null
            ? new DecryptResult(outcome)
            : new DecryptResult(opened.Plaintext, SessionRecord.Open(record, opened.Next), UseOf(message));
    }

    private static PreKeyUse UseOf(PreKeySignalMessage message) => new()
    {
        OneTimePreKeyId = message.PreKeyId,
        SignedPreKeyId = message.SignedPreKeyId,
        KyberPreKeyId = message.KyberPreKeyId,
        BaseKey = message.BaseKey,
    };
}
