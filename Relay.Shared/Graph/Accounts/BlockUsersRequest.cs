using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.Accounts;

/// <summary>The body of <c>POST</c> and <c>DELETE /{version}/{phone-number-id}/block_users</c>: 1 to 1,000 users.</summary>
public sealed record BlockUsersRequest
{
    [JsonPropertyName("messaging_product")]
    public string? MessagingProduct { get; init; }

    [JsonPropertyName("block_users")]
    public IReadOnlyList<BlockUser?>? Users { get; init; }
}

/// <param name="User">A phone number.</param>
public sealed record BlockUser([property: JsonPropertyName("user")] string? User)
{
    public override string ToString() => nameof(BlockUser);
}
