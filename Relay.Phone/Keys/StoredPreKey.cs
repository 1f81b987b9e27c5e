using System.Text.Json.Serialization;
using Relay.Phone.State;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Transport.Wire;

namespace Relay.Phone.Keys;

/// <summary>The private half of a one-time pre-key, until a first message uses it.</summary>
internal sealed class StoredPreKey : IDisposable
{
    public required uint Id { get; init; }

    [JsonConverter(typeof(SealedJson.Bytes))]
    public required SecretBytes Key { get; init; }

    internal static StoredPreKey Generate(uint id)
    {
        using PreKeyPair pair = PreKeyPair.Generate(id);
        return new StoredPreKey { Id = id, Key = Export(pair.KeyPair) };
    }

    internal static SecretBytes Export(KeyPair pair)
    {
        byte[] key = new byte[SignalLimits.PrivateKeyBytes];
        pair.ExportPrivate(key);
        return SecretBytes.Own(key);
    }

    internal PreKeyPair Open() => new(Id, KeyPair.Import(Key.Reveal()));

    internal PreKeyUpload ToUpload()
    {
        using PreKeyPair pair = Open();
        return new PreKeyUpload(Id, pair.KeyPair.PublicKey.ToBytes());
    }

    public void Dispose() => Key.Dispose();
}
