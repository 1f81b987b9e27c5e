using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.PreKeys;

/// <summary>Pre-keys of a number with their private halves: new ones about to be stored, or stored ones about to be published. Wiped on dispose.</summary>
internal sealed class PreKeyBatch : IDisposable
{
    internal SignedPreKeyPair? Signed { get; set; }

    internal KyberPreKeyPair? LastResort { get; set; }

    internal List<PreKeyPair> OneTime { get; } = [];

    internal List<KyberPreKeyPair> Kyber { get; } = [];

    internal bool IsEmpty => Signed is null && LastResort is null && OneTime.Count == 0 && Kyber.Count == 0;

    internal UploadKeysRequest ToUpload() => new()
    {
        SignedPreKey = Signed is null ? null : ToUpload(Signed),
        OneTimePreKeys = [.. OneTime.Select(pair => new PreKeyUpload(pair.Id, pair.KeyPair.PublicKey.ToBytes()))],
        LastResortKyberPreKey = LastResort is null ? null : ToUpload(LastResort),
        KyberPreKeys = [.. Kyber.Select(ToUpload)],
    };

    /// <exception cref="InvalidOperationException">There is no signed pre-key.</exception>
    internal DeviceKeys ToDeviceKeys(IdentityKeyPair identity, uint registrationId)
    {
        UploadKeysRequest upload = ToUpload();
        return new DeviceKeys
        {
            RegistrationId = registrationId,
            IdentityKey = identity.PublicKey.ToBytes(),
            SignedPreKey = upload.SignedPreKey ?? throw new InvalidOperationException("There is no signed pre-key."),
            OneTimePreKeys = upload.OneTimePreKeys,
            LastResortKyberPreKey = upload.LastResortKyberPreKey,
            KyberPreKeys = upload.KyberPreKeys,
        };
    }

    public void Dispose()
    {
        Signed?.Dispose();
        LastResort?.Dispose();
        OneTime.ForEach(pair => pair.Dispose());
        Kyber.ForEach(pair => pair.Dispose());
    }

    private static SignedPreKeyUpload ToUpload(SignedPreKeyPair pair) => new(pair.Id, pair.KeyPair.PublicKey.ToBytes(), pair.Signature.ToArray());

    private static KyberPreKeyUpload ToUpload(KyberPreKeyPair pair) => new(pair.Id, pair.KeyPair.PublicKey.ToBytes(), pair.Signature.ToArray());
}
