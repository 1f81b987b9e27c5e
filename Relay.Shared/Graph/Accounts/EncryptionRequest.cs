using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.Accounts;

/// <summary>The body of <c>POST /{version}/{phone-number-id}/whatsapp_business_encryption</c>.</summary>
/// <param name="PublicKey">RSA, 2048 bits, PEM.</param>
public sealed record EncryptionRequest([property: JsonPropertyName("business_public_key")] string? PublicKey);
