// spec/signal.md §3.6 (initiator) and §3.7 (responder): from pre-keys to a session that can seal or open its first message.

using System.Security.Cryptography;
using Relay.Shared.Signal.Wire;

namespace Relay.Shared.Signal;

/// <summary>Makes new sessions. Null means a key of low or mixed order.</summary>
internal static class SessionSetup
{
    internal static SessionState? Initiate(
        IdentityKeyPair us, uint ourRegistrationId, PreKeyBundle bundle, KeyPair baseKey, KeyPair ratchetKey)
    {
        // Id 0 can't be told from "none" by every peer: open without the one-time key instead.
        PublicKey? oneTime = bundle.PreKeyId is 0 ? null : bundle.PreKey;
        Span<byte> agreed = stackalloc byte[KeyAgreement.OutputBytes];
        try
        {
            if (!KeyAgreement.TryInitiate(us.Keys, baseKey, bundle.IdentityKey, bundle.SignedPreKey, oneTime, agreed))
            {
                return null;
            }

            var root = new RootKey(agreed[..SignalKdf.KeyBytes]);
            if (root.Turn(ratchetKey, bundle.SignedPreKey) is not { } sending)
            {
                root.Dispose();
                return null;
            }

            var session = new SessionState(root, ratchetKey.Clone(), sending)
            {
                Version = WireVersion.Classic,
                LocalIdentity = us.PublicKey,
                RemoteIdentity = bundle.IdentityKey,
                LocalRegistrationId = ourRegistrationId,
                RemoteRegistrationId = bundle.RegistrationId,
                BaseKey = baseKey.PublicKey,
                Pending = new PendingPreKey(oneTime is null ? null : bundle.PreKeyId, bundle.SignedPreKeyId),
            };

            // The responder's nominal first chain. No peer is known to use it, the protocol has it.
            var first = new ChainKey(agreed[SignalKdf.KeyBytes..], 0);
            session.AddReceiving(new ReceivingChain(bundle.SignedPreKey, first, new SkippedKeys()));
            return session;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(agreed);
        }
    }

    /// <summary>True when these are the keys the message was made for.</summary>
    internal static bool AreNamedBy(PreKeySignalMessage message, ResponderPreKeys preKeys) =>
        preKeys.Signed.Id == message.SignedPreKeyId
        && (message.PreKeyId is not { } oneTime || preKeys.OneTime?.Id == oneTime);

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
        Span<byte> agreed = stackalloc byte[KeyAgreement.OutputBytes];
        try
        {
            if (!KeyAgreement.TryRespond(us.Keys, signed, oneTime, message.IdentityKey, message.BaseKey, agreed))
            {
                return null;
            }

            return new SessionState(
                new RootKey(agreed[..SignalKdf.KeyBytes]), signed.Clone(), new ChainKey(agreed[SignalKdf.KeyBytes..], 0))
            {
                Version = message.Version,
                LocalIdentity = us.PublicKey,
                RemoteIdentity = message.IdentityKey,
                LocalRegistrationId = ourRegistrationId,
                RemoteRegistrationId = message.RegistrationId,
                BaseKey = message.BaseKey,
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(agreed);
        }
    }
}
