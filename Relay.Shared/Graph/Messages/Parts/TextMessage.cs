using System.Text.Json.Serialization;

namespace Relay.Shared.Graph.Messages;

/// <param name="Body">1 to <see cref="MessageLimits.TextBody"/> code points.</param>
/// <param name="PreviewUrl">Whether the user's device shows a preview of the first link.</param>
public sealed record TextMessage(
    [property: JsonPropertyName("body")] string? Body = null,
    [property: JsonPropertyName("preview_url")] bool? PreviewUrl = null)
{
    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(TextMessage);
}
