using System.Diagnostics.CodeAnalysis;
using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Devices;

/// <summary>Reads the keys that the transport hands out as Signal's pre-key bundle: what relay and phone do alike before they open a session.</summary>
public static class PublishedBundle
{
    /// <summary>False when one of the keys isn't one. Signatures are checked by the session's opening.</summary>
    public static bool TryRead(BundleResponse response, [NotNullWhen(true)] out PreKeyBundle? bundle)
    {
        ArgumentNullException.ThrowIfNull(response);
        bundle = null;
        PublicKey? oneTime = null;
        KyberPublicKey? kyber = null;
        if (!PublicKey.TryParse(response.IdentityKey, out PublicKey? identity)
            || !PublicKey.TryParse(response.SignedPreKey.PublicKey, out PublicKey? signed)
            || (response.OneTimePreKey is { } preKey && !PublicKey.TryParse(preKey.PublicKey, out oneTime))
            || (response.KyberPreKey is { } kyberPreKey && !KyberPublicKey.TryParse(kyberPreKey.PublicKey, out kyber)))
        {
            return false;
        }

        bundle = new PreKeyBundle
        {
            RegistrationId = response.RegistrationId,
            DeviceId = response.DeviceId,
            IdentityKey = identity,
            SignedPreKeyId = response.SignedPreKey.Id,
            SignedPreKey = signed,
            SignedPreKeySignature = response.SignedPreKey.Signature,
            PreKeyId = response.OneTimePreKey?.Id,
            PreKey = oneTime,
            KyberPreKeyId = response.KyberPreKey?.Id,
            KyberPreKey = kyber,
            KyberPreKeySignature = response.KyberPreKey?.Signature,
        };
        return true;
    }
}
