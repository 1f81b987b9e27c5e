using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;

namespace Relay.Shared.Templates.Rendering;

/// <summary>
/// Puts everything in its place, and refuses what is missing, too much or of another kind by the Cloud API's codes (132000 to 132018, 131008).
/// Pure; errors name the component and the place, never the content.
/// </summary>
internal static class FillTemplate
{
    private static readonly JsonWriterOptions s_compact = new() { Encoder = CompactJsonEncoder.Instance };

    internal static Result<RenderedTemplate, GraphError> Execute(TemplateDefinition definition, TemplateMessage message)
    {
        if (!GivenParameters.Read(message.Components).TryGet(out GivenParameters? given, out GraphError? error)
            || !FillHeader.Execute(definition, given.Header).TryGet(out FilledHeader? header, out error)
            || !Body(definition, given.Body).TryGet(out JsonObject? body, out error)
            || !FillButtons.Execute(definition.Find(TemplateParts.Buttons)?.Buttons ?? [], given.Buttons).TryGet(out JsonArray? buttons, out error))
        {
            return error;
        }

        JsonObject template = new()
        {
            ["name"] = definition.Name,
            ["language"] = new JsonObject { ["code"] = definition.Language },
            ["category"] = TemplateCategories.Name(definition.Category),
        };
        Add(template, "header", header.Json);
        Add(template, "body", body);
        Add(template, "footer", definition.Find(TemplateParts.Footer) is { Text: { } footer } ? new JsonObject { ["text"] = footer } : null);
        Add(template, "buttons", buttons.Count > 0 ? buttons : null);
        return ToElement(new JsonObject { ["type"] = MessageType.Template, ["template"] = template }).TryGet(out JsonElement element, out error)
            ? new RenderedTemplate(element, definition.Category)
            : error;
    }

    private static Result<JsonObject, GraphError> Body(TemplateDefinition definition, IReadOnlyList<TemplateParameter> parameters)
    {
        int limit = definition.Components.Count == 1 ? TemplateLimits.BodyAlone : TemplateLimits.Body;
        return FillText.Execute(definition.Find(TemplateParts.Body)!, definition.IsNamed, parameters, limit).TryGet(out string? text, out GraphError? error)
            ? new JsonObject { ["text"] = text }
            : error;
    }

    private static void Add(JsonObject template, string name, JsonNode? member)
    {
        if (member is not null)
        {
            template[name] = member;
        }
    }

    private static Result<JsonElement, GraphError> ToElement(JsonObject message)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, s_compact))
        {
            message.WriteTo(writer);
        }

        if (stream.Length > TemplateLimits.RenderedBytes)
        {
            return GraphErrorCode.TemplateTextTooLong.Because($"The template with its parameters takes more than {TemplateLimits.RenderedBytes} bytes.");
        }

        using JsonDocument document = JsonDocument.Parse(stream.GetBuffer().AsMemory(0, (int)stream.Length));
        return document.RootElement.Clone();
    }
}
