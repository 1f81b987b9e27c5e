using System.Text.Json.Serialization;
using Relay.Phone.State;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Signal.Kem;
using Relay.Shared.Transport.Wire;

namespace Relay.Phone.Keys;

/// <summary>A Kyber pre-key as the 64-byte seed of its private half; its public half is computed when it is published.</summary>
internal sealed class StoredKyberPreKey : IDisposable
{
    public required uint Id { get; init; }

    [JsonConverter(typeof(SealedJson.Bytes))]
    public required SecretBytes Seed { get; init; }

    public required byte[] Signature { get; init; }

    internal static StoredKyberPreKey Generate(IdentityKeyPair identity, uint id)
    {
        using KyberPreKeyPair pair = KyberPreKeyPair.Generate(identity, id);
        byte[] seed = new byte[MlKem.SeedBytes];
        pair.KeyPair.ExportSeed(seed);
        return new StoredKyberPreKey { Id = id, Seed = SecretBytes.Own(seed), Signature = pair.Signature.ToArray() };
    }

    internal KyberPreKeyPair Open() => new(Id, KyberKeyPair.Import(Seed.Reveal()), Signature);

    internal KyberPreKeyUpload ToUpload()
    {
        using KyberPreKeyPair pair = Open();
        return new KyberPreKeyUpload(Id, pair.KeyPair.PublicKey.ToBytes(), Signature);
    }

    public void Dispose() => Seed.Dispose();
}
