// spec/signal.md §3.6 (initiator), §3.7 (responder) and §4: from pre-keys to a session that can seal or open its first message.

using System.Security.Cryptography;
using Relay.Shared.Signal.Spqr;
using Relay.Shared.Signal.Wire;

namespace Relay.Shared.Signal;

/// <summary>Makes new sessions. Null means a key of low or mixed order.</summary>
internal static class SessionSetup
{
    /// <param name="us">Our identity.</param>
    /// <param name="ourRegistrationId">Ours.</param>
    /// <param name="bundle">Its signatures were right, and it has what <paramref name="protocol"/> takes.</param>
    /// <param name="protocol">One of them.</param>
    /// <param name="draws">Not kept.</param>
    internal static SessionState? Initiate(
        IdentityKeyPair us, uint ourRegistrationId, PreKeyBundle bundle, SessionProtocols protocol, InitiatorDraws draws)
    {
        // Id 0 can't be told from "none" by every peer: open without the one-time key instead.
        PublicKey? oneTime = bundle.PreKeyId is 0 ? null : bundle.PreKey;
        KyberCapsule? kyber = null;
        Span<byte> kyberSecret = stackalloc byte[SignalKdf.KeyBytes];
        Span<byte> buffer = stackalloc byte[KeyAgreement.PostQuantumBytes];
        try
        {
            if (protocol != SessionProtocols.X3dh)
            {
                kyber = Encapsulate(bundle, draws.KyberMessage, kyberSecret);
            }

            Span<byte> agreed = kyber is null ? buffer[..KeyAgreement.ClassicBytes] : buffer;
            ReadOnlySpan<byte> secret = kyber is null ? [] : kyberSecret;
            if (!KeyAgreement.TryInitiate(us.Keys, draws.BaseKey, bundle.IdentityKey, bundle.SignedPreKey, oneTime, secret, agreed))
            {
                return null;
            }

            var root = new RootKey(agreed[..SignalKdf.KeyBytes]);
            if (root.Turn(draws.RatchetKey, bundle.SignedPreKey) is not { } sending)
            {
                root.Dispose();
                return null;
            }

            var session = new SessionState(root, draws.RatchetKey.Clone(), sending)
            {
                Version = kyber is null ? WireVersion.Classic : WireVersion.PostQuantum,
                LocalIdentity = us.PublicKey,
                RemoteIdentity = bundle.IdentityKey,
                LocalRegistrationId = ourRegistrationId,
                RemoteRegistrationId = bundle.RegistrationId,
                BaseKey = draws.BaseKey.PublicKey,
                Pending = new PendingPreKey(oneTime is null ? null : bundle.PreKeyId, bundle.SignedPreKeyId, kyber),
                PostQuantum = protocol == SessionProtocols.PqxdhSpqr ? SpqrState.Start(true, agreed[KeyAgreement.ClassicBytes..]) : null,
            };

            // The responder's nominal first chain. No peer is known to use it, the protocol has it.
            var first = new ChainKey(agreed[SignalKdf.KeyBytes..KeyAgreement.ClassicBytes], 0);
            session.AddReceiving(new ReceivingChain(bundle.SignedPreKey, first, new SkippedKeys()));
            return session;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(kyberSecret);
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    /// <summary>True when these are the keys the message was made for.</summary>
    internal static bool AreNamedBy(PreKeySignalMessage message, ResponderPreKeys preKeys) =>
        preKeys.Signed.Id == message.SignedPreKeyId
        && (message.PreKeyId is not { } oneTime || preKeys.OneTime?.Id == oneTime)
        && (message.KyberPreKeyId is not { } kyber || preKeys.Kyber?.Id == kyber);

    /// <param name="us">Our identity.</param>
    /// <param name="ourRegistrationId">Ours.</param>
    /// <param name="message">Parsed, not authenticated.</param>
    /// <param name="preKeys">Those it names.</param>
    internal static SessionState? Respond(
        IdentityKeyPair us, uint ourRegistrationId, PreKeySignalMessage message, ResponderPreKeys preKeys)
    {
        // MUST come first: a base key with torsion has eight twins that agree to related or equal secrets.
        if (!Curve25519.IsTorsionFree(message.BaseKey))
        {
            return null;
        }

        KeyPair signed = preKeys.Signed.KeyPair;
        KeyPair? oneTime = message.PreKeyId is null ? null : preKeys.OneTime?.KeyPair;
        Span<byte> kyberSecret = stackalloc byte[SignalKdf.KeyBytes];
        Span<byte> buffer = stackalloc byte[KeyAgreement.PostQuantumBytes];
        try
        {
            bool isClassic = message.Protocol == SessionProtocols.X3dh;
            if (!isClassic && preKeys.Kyber?.KeyPair.TryDecapsulate(message.KyberCiphertext.Span, kyberSecret) != true)
            {
                return null;
            }

            Span<byte> agreed = isClassic ? buffer[..KeyAgreement.ClassicBytes] : buffer;
            ReadOnlySpan<byte> secret = isClassic ? [] : kyberSecret;
            if (!KeyAgreement.TryRespond(us.Keys, signed, oneTime, message.IdentityKey, message.BaseKey, secret, agreed))
            {
                return null;
            }

            // With SPQR or without it is settled here: the MAC of this message covers its field 5, so nobody stripped it (§4.2).
            return new SessionState(
                new RootKey(agreed[..SignalKdf.KeyBytes]),
                signed.Clone(),
                new ChainKey(agreed[SignalKdf.KeyBytes..KeyAgreement.ClassicBytes], 0))
            {
                Version = message.Version,
                LocalIdentity = us.PublicKey,
                RemoteIdentity = message.IdentityKey,
                LocalRegistrationId = ourRegistrationId,
                RemoteRegistrationId = message.RegistrationId,
                BaseKey = message.BaseKey,
                PostQuantum = message.Protocol == SessionProtocols.PqxdhSpqr
                    ? SpqrState.Start(false, agreed[KeyAgreement.ClassicBytes..])
                    : null,
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(kyberSecret);
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    private static KyberCapsule Encapsulate(PreKeyBundle bundle, ReadOnlySpan<byte> draw, Span<byte> secret) =>
        bundle is { KyberPreKey: { } key, KyberPreKeyId: { } id }
            ? new KyberCapsule(id, key.Encapsulate(draw, secret))
            : throw new ArgumentException("Version 4 takes a Kyber pre-key.", nameof(bundle));
}
