using Relay.Shared.Signal;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.PreKeys;

/// <summary>What keys a device may publish. Says which member is wrong, never what it held.</summary>
internal static class DeviceKeyRules
{
    private const uint MaxRegistrationId = 16380;
    private const uint MaxKeyId = 0xFFFFFE;

    internal static TransportFailure? Check(DeviceKeys keys)
    {
        if (keys.RegistrationId is 0 or > MaxRegistrationId)
        {
            return TransportFailures.BadRequest("'registrationId' is not 1 to 16380.");
        }

        return IsPublicKey(keys.IdentityKey)
            ? Check(keys.SignedPreKey, keys.IdentityKey) ?? Check(keys.OneTimePreKeys)
            : TransportFailures.BadRequest("'identityKey' is not 33 bytes: 0x05 and a canonical Curve25519 key.");
    }

    internal static TransportFailure? Check(SignedPreKeyUpload signed, byte[] identityKey)
    {
        if (!IsKeyId(signed.Id) || !IsPublicKey(signed.PublicKey))
        {
            return TransportFailures.BadRequest("'signedPreKey' has no valid id (1 to 16777214) or public key (33 bytes: 0x05 and a canonical Curve25519 key).");
        }

        return PreKeySignature.IsValid(identityKey, signed)
            ? null
            : TransportFailures.BadRequest("The signature of 'signedPreKey' is not the identity key's.");
    }

    internal static TransportFailure? Check(IReadOnlyList<PreKeyUpload> oneTime)
    {
        if (oneTime.Count > TransportLimits.MaxPreKeysPerUpload)
        {
            return TransportFailures.BadRequest("'oneTimePreKeys' has more than 100 keys.");
        }

        HashSet<uint> ids = [];
        HashSet<string> publicKeys = new(StringComparer.Ordinal);
        foreach (PreKeyUpload? key in oneTime)
        {
            if (key is null || !IsKeyId(key.Id) || !IsPublicKey(key.PublicKey))
            {
                return TransportFailures.BadRequest("A one-time pre-key has no valid id (1 to 16777214) or public key (33 bytes: 0x05 and a canonical Curve25519 key).");
            }

            if (!ids.Add(key.Id) || !publicKeys.Add(Convert.ToHexString(key.PublicKey)))
            {
                return TransportFailures.BadRequest("'oneTimePreKeys' has the same id or the same key twice.");
            }
        }

        return null;
    }

    private static bool IsKeyId(uint id) => id is > 0 and <= MaxKeyId;

    private static bool IsPublicKey(byte[] key) => PublicKey.TryParse(key, out _);
}
