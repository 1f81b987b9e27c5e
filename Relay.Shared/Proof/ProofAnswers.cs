using System.Buffers.Text;
using System.Text.Json.Serialization;
using Relay.Shared.Proof.Audits;
using Relay.Shared.Proof.Privacy;
using Relay.Shared.Proof.Receipts;
using Relay.Shared.Sealing;

namespace Relay.Shared.Proof;

/// <summary>ES256 (ECDSA on P-256 with SHA-256) over the statement's bytes.</summary>
/// <param name="KeyId">Which version of the key: <c>GET /relay/v1/keys/signing/{key-id}</c>.</param>
/// <param name="Value">64 bytes, r ‖ s, base64url.</param>
public sealed record SignatureAnswer([property: JsonPropertyName("key_id")] string KeyId, [property: JsonPropertyName("value")] string Value)
{
    [JsonPropertyName("alg")]
    public string Algorithm { get; init; } = "ES256";

    internal static SignatureAnswer Of(KeySignature signature) => new(signature.KeyId, Base64Url.EncodeToString(signature.Bytes));

    /// <summary>Null when it isn't base64url.</summary>
    public KeySignature? ToSignature() => Base64Url.IsValid(Value) ? new KeySignature(KeyId, Base64Url.DecodeFromChars(Value)) : null;
}

/// <summary>A JSON Web Key (RFC 7517).</summary>
public sealed record SigningKeyAnswer([property: JsonPropertyName("kid")] string KeyId, [property: JsonPropertyName("x")] string X, [property: JsonPropertyName("y")] string Y)
{
    [JsonPropertyName("kty")]
    public string Type { get; init; } = "EC";

    [JsonPropertyName("crv")]
    public string Curve { get; init; } = "P-256";

    [JsonPropertyName("alg")]
    public string Algorithm { get; init; } = "ES256";

    [JsonPropertyName("use")]
    public string Use { get; init; } = "sig";

    internal static SigningKeyAnswer Of(SigningKey key) => new(key.KeyId, Base64Url.EncodeToString(key.X), Base64Url.EncodeToString(key.Y));

    public SigningKey? ToKey() => Base64Url.IsValid(X) && Base64Url.IsValid(Y) ? new SigningKey(KeyId, Base64Url.DecodeFromChars(X), Base64Url.DecodeFromChars(Y)) : null;
}

/// <summary>A JSON Web Key Set.</summary>
public sealed record SigningKeysAnswer([property: JsonPropertyName("keys")] IReadOnlyList<SigningKeyAnswer> Keys);

public sealed record SignedReceiptAnswer(
    [property: JsonPropertyName("receipt")] DeletionReceipt Receipt, [property: JsonPropertyName("signature")] SignatureAnswer Signature)
{
    public static SignedReceiptAnswer Of(SignedReceipt signed) => new(signed.Receipt, SignatureAnswer.Of(signed.Signature));
}

/// <param name="Data">In the order of their ids.</param>
/// <param name="Next">What <c>after</c> takes for the next page; absent at the end.</param>
public sealed record ReceiptsAnswer(
    [property: JsonPropertyName("data")] IReadOnlyList<SignedReceiptAnswer> Data, [property: JsonPropertyName("next")] string? Next);

/// <param name="Row">The number by which the entry lies there.</param>
/// <param name="Entry">Absent when what lies there is no entry.</param>
public sealed record AuditLine([property: JsonPropertyName("row")] long Row, [property: JsonPropertyName("entry")] AuditEntry? Entry);

public sealed record SignedCheckpointAnswer(
    [property: JsonPropertyName("checkpoint")] AuditCheckpoint Checkpoint, [property: JsonPropertyName("signature")] SignatureAnswer Signature);

/// <param name="Entries">The last entry's number.</param>
/// <param name="Hash">Its hash.</param>
public sealed record AuditHeadAnswer([property: JsonPropertyName("entries")] long Entries, [property: JsonPropertyName("hash")] string Hash);

/// <param name="Data">In the order of their numbers.</param>
/// <param name="Checkpoints">The signed checkpoints up to the last entry of the page, from where the page before ended.</param>
/// <param name="Head">As it was before the entries were read; absent for a business without entries.</param>
/// <param name="Next">What <c>after</c> takes for the next page; absent at the end.</param>
public sealed record AuditAnswer(
    [property: JsonPropertyName("data")] IReadOnlyList<AuditLine> Data,
    [property: JsonPropertyName("checkpoints")] IReadOnlyList<SignedCheckpointAnswer> Checkpoints,
    [property: JsonPropertyName("head")] AuditHeadAnswer? Head,
    [property: JsonPropertyName("next")] string? Next);

/// <param name="Data">Business ids.</param>
/// <param name="Next">What <c>after</c> takes for the next page; absent at the end.</param>
public sealed record AuditedBusinessesAnswer(
    [property: JsonPropertyName("data")] IReadOnlyList<string> Data, [property: JsonPropertyName("next")] string? Next);

/// <summary>Members that are absent are left out; everything is ASCII by itself.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 8, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(SigningKeysAnswer))]
[JsonSerializable(typeof(ReceiptsAnswer))]
[JsonSerializable(typeof(AuditAnswer))]
[JsonSerializable(typeof(AuditedBusinessesAnswer))]
[JsonSerializable(typeof(PrivacyAnswer))]
public sealed partial class ProofJson : JsonSerializerContext;
