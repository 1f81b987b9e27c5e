using System.Text.Json;
using System.Text.Json.Nodes;

namespace Relay.Shared.Templates;

/// <summary>A template with everything in its places, as a device shows it.</summary>
/// <param name="Message">
/// The message object: <c>{"type":"template","template":{"name","language":{"code"},"category","header","body","footer","buttons"}}</c>.
/// </param>
/// <param name="Category">What a status webhook's pricing tells.</param>
/// <param name="Header">The header's medium, if it has one: it is still to be attached.</param>
public sealed record RenderedTemplate(JsonElement Message, TemplateCategory Category, TemplateHeaderMedia? Header)
{
    /// <summary>The message object with the header's medium as the device gets it in the place of its id or address.</summary>
    /// <param name="media">What a message of the header's kind has in the member of that name.</param>
    public JsonElement WithHeader(JsonElement media)
    {
        if (Header is null)
        {
            throw new InvalidOperationException("The template's header is no medium.");
        }

        JsonObject message = JsonObject.Create(Message)!;
        message["template"]!["header"]![Header.Kind] = JsonValue.Create(media);
        using JsonDocument document = JsonDocument.Parse(message.ToJsonString());
        return document.RootElement.Clone();
    }

    /// <summary>Not its members.</summary>
    public override string ToString() => nameof(RenderedTemplate);
}

/// <param name="Kind"><c>image</c>, <c>video</c> or <c>document</c>.</param>
/// <param name="Source">By id or by address, exactly one of them.</param>
public sealed record TemplateHeaderMedia(string Kind, TemplateMedia Source);
