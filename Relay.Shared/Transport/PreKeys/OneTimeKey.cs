using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.PreKeys;

/// <summary>What kind of one-time key: a device keeps a stock of each.</summary>
internal enum OneTimeKeyKind
{
    /// <summary>33 bytes, unsigned.</summary>
    Curve25519,

    /// <summary>1569 bytes, signed by the identity key.</summary>
    Kyber1024,
}

/// <param name="Kind">Which stock it belongs to.</param>
/// <param name="Id">Unique within its stock.</param>
/// <param name="PublicKey">As on the wire.</param>
/// <param name="Signature">Of Kyber keys only.</param>
internal sealed record OneTimeKey(OneTimeKeyKind Kind, uint Id, byte[] PublicKey, byte[]? Signature)
{
    internal static IEnumerable<OneTimeKey> From(IEnumerable<PreKeyUpload> keys) =>
        keys.Select(key => new OneTimeKey(OneTimeKeyKind.Curve25519, key.Id, key.PublicKey, null));

    internal static IEnumerable<OneTimeKey> From(IEnumerable<KyberPreKeyUpload> keys) =>
        keys.Select(key => new OneTimeKey(OneTimeKeyKind.Kyber1024, key.Id, key.PublicKey, key.Signature));

    internal PreKeyUpload ToPreKey() => new(Id, PublicKey);

    internal KyberPreKeyUpload ToKyberPreKey() => new(Id, PublicKey, Signature ?? throw new InvalidDataException("A Kyber key in stock has no signature."));
}
