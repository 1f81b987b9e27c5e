using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;
using Relay.Shared.Transport.Wire;

namespace Relay.Tests.Transport;

/// <summary>Public keys as a device publishes them.</summary>
internal static class TestKeys
{
    public static DeviceKeys Create(int oneTime = 5, IdentityKeyPair? identity = null)
    {
        identity ??= IdentityKeyPair.Generate();
        return new DeviceKeys
        {
            RegistrationId = 4711,
            IdentityKey = identity.PublicKey.ToBytes(),
            SignedPreKey = Signed(identity, 1),
            OneTimePreKeys = OneTime(1, oneTime),
        };
    }

    public static SignedPreKeyUpload Signed(IdentityKeyPair identity, uint id)
    {
        byte[] key = KeyPair.Generate().PublicKey.ToBytes();
        return new SignedPreKeyUpload(id, key, identity.Sign(key));
    }

    public static KyberPreKeyUpload Kyber(IdentityKeyPair identity, uint id)
    {
        using KyberPreKeyPair pair = KyberPreKeyPair.Generate(identity, id);
        return new KyberPreKeyUpload(id, pair.KeyPair.PublicKey.ToBytes(), pair.Signature.ToArray());
    }

    public static IReadOnlyList<PreKeyUpload> OneTime(uint first, int count) =>
        [.. Enumerable.Range(0, count).Select(i => new PreKeyUpload(first + (uint)i, KeyPair.Generate().PublicKey.ToBytes()))];
}
