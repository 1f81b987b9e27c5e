using System.Text.Json;
using Relay.Shared.Graph.Messages;

namespace Relay.Shared.Templates;

/// <summary>A template with everything in its places, as a device shows it.</summary>
/// <param name="Message">
/// The message object: <c>{"type":"template","template":{"name","language":{"code"},"category","header","body","footer","buttons"}}</c>. A header
/// that is a file is still to be attached (<see cref="MessageFile.Find"/>).
/// </param>
/// <param name="Category">What a status webhook's pricing tells.</param>
public sealed record RenderedTemplate(JsonElement Message, MessageCategory Category)
{
    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(RenderedTemplate);
}
