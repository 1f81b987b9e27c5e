using System.Text.Json.Serialization;
using Relay.Phone.State;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Transport.Wire;

namespace Relay.Phone.Keys;

/// <summary>A signed pre-key with its private half, kept after its successor came: late first messages name it.</summary>
internal sealed class StoredSignedPreKey : IDisposable
{
    public required uint Id { get; init; }

    [JsonConverter(typeof(SealedJson.Bytes))]
    public required SecretBytes Key { get; init; }

    public required byte[] Signature { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    internal static StoredSignedPreKey Generate(IdentityKeyPair identity, uint id, DateTimeOffset now)
    {
        using SignedPreKeyPair pair = SignedPreKeyPair.Generate(identity, id);
        return new StoredSignedPreKey
        {
            Id = id,
            Key = StoredPreKey.Export(pair.KeyPair),
            Signature = pair.Signature.ToArray(),
            CreatedAt = now,
        };
    }

    internal SignedPreKeyPair Open() => new(Id, KeyPair.Import(Key.Reveal()), Signature);

    internal SignedPreKeyUpload ToUpload()
    {
        using SignedPreKeyPair pair = Open();
        return new SignedPreKeyUpload(Id, pair.KeyPair.PublicKey.ToBytes(), Signature);
    }

    public void Dispose() => Key.Dispose();
}
