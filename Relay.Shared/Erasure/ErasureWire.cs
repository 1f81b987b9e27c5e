using System.Text.Json.Serialization;
using Relay.Shared.Proof;

namespace Relay.Shared.Erasure;

/// <summary>What <c>DELETE /relay/v1/contacts/{number}</c> answers.</summary>
public sealed record ErasureReply
{
    internal const string Completed = "completed";
    internal const string InProgress = "in_progress";

    /// <summary>Names the erasure: 16 hex digits.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary><c>completed</c>, or <c>in_progress</c>: what is left is being deleted, and nothing of it can be reached any more.</summary>
    [JsonPropertyName("status")]
    public required string Status { get; init; }

    /// <summary>When it was asked for, in Unix seconds. Whatever was accepted up to then and is still on its way is dropped.</summary>
    [JsonPropertyName("erased_at")]
    public required long ErasedAt { get; init; }

    /// <summary>Conversations of this user with the business's numbers.</summary>
    [JsonPropertyName("conversations")]
    public required int Conversations { get; init; }

    /// <summary>Rows deleted before this answer.</summary>
    [JsonPropertyName("rows")]
    public required int Rows { get; init; }

    /// <summary>The signed receipts of what is done; empty while it goes on, or the vault is away: then <c>GET /relay/v1/deletion_receipts</c> has them later.</summary>
    [JsonPropertyName("receipts")]
    public required IReadOnlyList<SignedReceiptAnswer> Receipts { get; init; }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 6, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ErasureItem))]
[JsonSerializable(typeof(ErasureReply))]
public sealed partial class ErasureJson : JsonSerializerContext;
