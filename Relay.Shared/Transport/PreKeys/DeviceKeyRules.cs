using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;
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

        if (!IsPublicKey(keys.IdentityKey))
        {
            return TransportFailures.BadRequest("'identityKey' is not 33 bytes: 0x05 and a canonical Curve25519 key.");
        }

        return keys.LastResortKyberPreKey is null && keys.KyberPreKeys.Count > 0
            ? TransportFailures.BadRequest("'kyberPreKeys' need a 'lastResortKyberPreKey' beside them.")
            : Check(keys.SignedPreKey, keys.IdentityKey)
                ?? Check(keys.OneTimePreKeys)
                ?? Check(keys.LastResortKyberPreKey, "lastResortKyberPreKey", keys.IdentityKey)
                ?? Check(keys.KyberPreKeys, keys.IdentityKey);
    }

    internal static TransportFailure? Check(UploadKeysRequest keys, byte[] identityKey) =>
        (keys.SignedPreKey is { } signed ? Check(signed, identityKey) : null)
            ?? Check(keys.OneTimePreKeys)
            ?? Check(keys.LastResortKyberPreKey, "lastResortKyberPreKey", identityKey)
            ?? Check(keys.KyberPreKeys, identityKey);

    private static TransportFailure? Check(SignedPreKeyUpload signed, byte[] identityKey)
    {
        if (!IsKeyId(signed.Id) || !IsPublicKey(signed.PublicKey))
        {
            return TransportFailures.BadRequest("'signedPreKey' has no valid id (1 to 16777214) or public key (33 bytes: 0x05 and a canonical Curve25519 key).");
        }

        return PreKeySignature.IsValid(identityKey, signed.PublicKey, signed.Signature)
            ? null
            : TransportFailures.BadRequest("The signature of 'signedPreKey' is not the identity key's.");
    }

    private static TransportFailure? Check(IReadOnlyList<PreKeyUpload> oneTime)
    {
        if (oneTime.Count > TransportLimits.MaxPreKeysPerUpload)
        {
            return TransportFailures.BadRequest("'oneTimePreKeys' has more than 100 keys.");
        }

        foreach (PreKeyUpload? key in oneTime)
        {
            if (key is null || !IsKeyId(key.Id) || !IsPublicKey(key.PublicKey))
            {
                return TransportFailures.BadRequest("A one-time pre-key has no valid id (1 to 16777214) or public key (33 bytes: 0x05 and a canonical Curve25519 key).");
            }
        }

        return AreDistinct(oneTime.Select(key => (key.Id, key.PublicKey)))
            ? null
            : TransportFailures.BadRequest("'oneTimePreKeys' has the same id or the same key twice.");
    }

    private static TransportFailure? Check(IReadOnlyList<KyberPreKeyUpload> oneTime, byte[] identityKey)
    {
        if (oneTime.Count > TransportLimits.MaxKyberPreKeysPerUpload)
        {
            return TransportFailures.BadRequest("'kyberPreKeys' has more than 40 keys.");
        }

        foreach (KyberPreKeyUpload? key in oneTime)
        {
            if (key is null)
            {
                return TransportFailures.BadRequest("'kyberPreKeys' has something that is no key.");
            }

            if (Check(key, "kyberPreKeys", identityKey) is { } failure)
            {
                return failure;
            }
        }

        return AreDistinct(oneTime.Select(key => (key.Id, key.PublicKey)))
            ? null
            : TransportFailures.BadRequest("'kyberPreKeys' has the same id or the same key twice.");
    }

    private static TransportFailure? Check(KyberPreKeyUpload? key, string member, byte[] identityKey)
    {
        if (key is null)
        {
            return null;
        }

        if (!IsKeyId(key.Id) || !KyberPublicKey.TryParse(key.PublicKey, out _))
        {
            return TransportFailures.BadRequest($"'{member}' has no valid id (1 to 16777214) or public key (1569 bytes: 0x08 and a Kyber-1024 key).");
        }

        return PreKeySignature.IsValid(identityKey, key.PublicKey, key.Signature)
            ? null
            : TransportFailures.BadRequest($"A signature in '{member}' is not the identity key's.");
    }

    private static bool AreDistinct(IEnumerable<(uint Id, byte[] PublicKey)> keys)
    {
        HashSet<uint> ids = [];
        HashSet<string> publicKeys = new(StringComparer.Ordinal);
        return keys.All(key => ids.Add(key.Id) && publicKeys.Add(Convert.ToHexString(key.PublicKey)));
    }

    private static bool IsKeyId(uint id) => id is > 0 and <= MaxKeyId;

    private static bool IsPublicKey(byte[] key) => PublicKey.TryParse(key, out _);
}
