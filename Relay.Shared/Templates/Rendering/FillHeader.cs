using System.Text.Json.Nodes;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;

namespace Relay.Shared.Templates.Rendering;

/// <summary>Fills a header: a text, or the one medium or place on the map that each message brings along.</summary>
internal static class FillHeader
{
    internal static Result<FilledHeader, GraphError> Execute(TemplateDefinition definition, IReadOnlyList<TemplateParameter> parameters)
    {
        if (definition.Find(TemplateParts.Header) is not { } header)
        {
            return parameters.Count == 0
                ? new FilledHeader(null)
                : GraphErrorCode.TemplateParameterCount.Because($"header: number of localizable_params ({parameters.Count}) does not match the expected number of params (0)");
        }

        if (header.Format == HeaderFormats.Text)
        {
            return FillText.Execute(header, definition.IsNamed, parameters, TemplateLimits.HeaderText).TryGet(out string? text, out GraphError? error)
                ? New(MessageType.Text, text)
                : error;
        }

        string expected = header.Format!;
        if (parameters is not [{ } parameter] || !expected.Equals(parameter.Type, StringComparison.OrdinalIgnoreCase))
        {
            return GraphErrorCode.TemplateParameterFormat.Because(
                $"header: Format mismatch, expected {expected}, received {(parameters.Count == 0 ? "UNKNOWN" : ClientText.Clip(parameters[0].Type!).ToUpperInvariant())}. One parameter is expected.");
        }

        return header.Format switch
        {
            HeaderFormats.Image => Media(MessageType.Image, parameter.Image),
            HeaderFormats.Video => Media(MessageType.Video, parameter.Video),
            HeaderFormats.Document => Media(MessageType.Document, parameter.Document),
            _ => Location(parameter.Location),
        };
    }

    private static Result<FilledHeader, GraphError> Media(string kind, MediaMessage? media)
    {
        if (string.IsNullOrEmpty(media?.Id) == string.IsNullOrEmpty(media?.Link))
        {
            return GraphErrorCode.ParameterMissing.Because($"header: the parameter {kind} needs either id or link.");
        }

        string member = $"header: {kind}";
        GraphError? error = string.IsNullOrEmpty(media!.Link) ? null : Rule.Link(media.Link, $"{member}.link");
        if ((error ?? Rule.Optional(media.FileName, $"{member}.filename", MessageLimits.FileName)) is { } mistake)
        {
            return mistake;
        }

        JsonObject json = media.Id is { Length: > 0 } id ? new JsonObject { ["id"] = id } : new JsonObject { ["link"] = media.Link };
        if (kind == MessageType.Document && media.FileName is { } name)
        {
            json["filename"] = name;
        }

        return New(kind, json);
    }

    private static Result<FilledHeader, GraphError> Location(LocationMessage? location)
    {
        if (LocationRules.Check(location) is { } error)
        {
            return error.Code.Because($"header: {error.Details}");
        }

        JsonObject json = new() { ["latitude"] = location!.Latitude, ["longitude"] = location.Longitude };
        if (location.Name is { } name)
        {
            json["name"] = name;
        }

        if (location.Address is { } address)
        {
            json["address"] = address;
        }

        return New(MessageType.Location, json);
    }

    private static FilledHeader New(string type, JsonNode content) => new(new JsonObject { ["type"] = type, [type] = content });
}

/// <param name="Json">Null when the template has no header.</param>
internal sealed record FilledHeader(JsonObject? Json);
