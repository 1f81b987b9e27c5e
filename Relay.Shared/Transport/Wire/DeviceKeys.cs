using System.Text.Json.Serialization;

namespace Relay.Shared.Transport.Wire;

/// <summary>The public keys that a device publishes. Keys and signatures are base64.</summary>
public sealed record DeviceKeys
{
    /// <summary>Signal's registration id, 1 to 16380.</summary>
    [JsonPropertyName("registrationId")]
    public required uint RegistrationId { get; init; }

    /// <summary>33 bytes: 0x05 and the Curve25519 public key.</summary>
    [JsonPropertyName("identityKey")]
    public required byte[] IdentityKey { get; init; }

    [JsonPropertyName("signedPreKey")]
    public required SignedPreKeyUpload SignedPreKey { get; init; }

    /// <summary>0 to 100 keys, each handed out once.</summary>
    [JsonPropertyName("oneTimePreKeys")]
    public IReadOnlyList<PreKeyUpload> OneTimePreKeys { get; init => field = value ?? []; } = [];

    /// <summary>Handed out when no one-time Kyber key is left. Without it others can open sessions of version 3 only.</summary>
    [JsonPropertyName("lastResortKyberPreKey")]
    public KyberPreKeyUpload? LastResortKyberPreKey { get; init; }

    /// <summary>0 to 40 keys, each handed out once; only beside a last-resort key.</summary>
    [JsonPropertyName("kyberPreKeys")]
    public IReadOnlyList<KyberPreKeyUpload> KyberPreKeys { get; init => field = value ?? []; } = [];
}

/// <param name="Id">1 to 0xFFFFFE.</param>
/// <param name="PublicKey">33 bytes.</param>
/// <param name="Signature">64 bytes: XEdDSA by the identity key over the 33 bytes.</param>
public sealed record SignedPreKeyUpload(
    [property: JsonPropertyName("id")] uint Id,
    [property: JsonPropertyName("publicKey")] byte[] PublicKey,
    [property: JsonPropertyName("signature")] byte[] Signature);

/// <param name="Id">1 to 0xFFFFFE.</param>
/// <param name="PublicKey">33 bytes.</param>
public sealed record PreKeyUpload(
    [property: JsonPropertyName("id")] uint Id,
    [property: JsonPropertyName("publicKey")] byte[] PublicKey);

/// <param name="Id">1 to 0xFFFFFE; unique among the device's Kyber keys, the last-resort one included.</param>
/// <param name="PublicKey">1569 bytes: 0x08 and the Kyber-1024 public key.</param>
/// <param name="Signature">64 bytes: XEdDSA by the identity key over the 1569 bytes.</param>
public sealed record KyberPreKeyUpload(
    [property: JsonPropertyName("id")] uint Id,
    [property: JsonPropertyName("publicKey")] byte[] PublicKey,
    [property: JsonPropertyName("signature")] byte[] Signature);

/// <summary>Adds one-time pre-keys, and replaces the signed and the last-resort one if given.</summary>
public sealed record UploadKeysRequest
{
    [JsonPropertyName("signedPreKey")]
    public SignedPreKeyUpload? SignedPreKey { get; init; }

    [JsonPropertyName("oneTimePreKeys")]
    public IReadOnlyList<PreKeyUpload> OneTimePreKeys { get; init => field = value ?? []; } = [];

    [JsonPropertyName("lastResortKyberPreKey")]
    public KyberPreKeyUpload? LastResortKyberPreKey { get; init; }

    [JsonPropertyName("kyberPreKeys")]
    public IReadOnlyList<KyberPreKeyUpload> KyberPreKeys { get; init => field = value ?? []; } = [];
}

/// <summary>What of a device's keys is published, and how many one-time keys are left.</summary>
public sealed record KeyCountResponse(
    [property: JsonPropertyName("signedPreKeyId")] uint SignedPreKeyId,
    [property: JsonPropertyName("oneTimePreKeys")] int OneTimePreKeys)
{
    /// <summary>Absent when the device has none.</summary>
    [JsonPropertyName("lastResortKyberPreKeyId")]
    public uint? LastResortKyberPreKeyId { get; init; }

    [JsonPropertyName("kyberPreKeys")]
    public int KyberPreKeys { get; init; }
}
