using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.Messages;

/// <param name="MessageId">The message reacted to.</param>
/// <param name="Emoji">One emoji; empty takes the reaction back.</param>
public sealed record ReactionMessage(
    [property: JsonPropertyName("message_id")] string? MessageId = null,
    [property: JsonPropertyName("emoji")] string? Emoji = null)
{
    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(ReactionMessage);
}
