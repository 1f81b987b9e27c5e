using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Functions.Http;

/// <summary>
/// Reads a request's parameters as the Graph does, from JSON, a form (url-encoded or multipart) and the query alike; where both
/// have one, the body's wins. Its errors give the place of a mistake, never the content.
/// </summary>
internal static class GraphRequestReader
{
    private const string Accepted = "application/json, application/x-www-form-urlencoded or multipart/form-data";

    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = GraphJson.MaxDepth, AllowDuplicateProperties = false };

    private enum Format
    {
        None,
        Json,
        Form,
        Multipart,
    }

    internal static Task<Result<T, GraphError>> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, TimeProvider time, CancellationToken cancellationToken)
        where T : class => ReadAsync(request, type, time, whenEmpty: null, cancellationToken);

    /// <param name="request">The request.</param>
    /// <param name="type">What it is read as.</param>
    /// <param name="time">Bounds the reading.</param>
    /// <param name="whenEmpty">What a request without parameters means; null refuses it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal static async Task<Result<T, GraphError>> ReadAsync<T>(
        HttpRequest request, JsonTypeInfo<T> type, TimeProvider time, T? whenEmpty, CancellationToken cancellationToken)
        where T : class
    {
        MediaTypeHeaderValue? contentType = null;
        if (!string.IsNullOrEmpty(request.ContentType) && !MediaTypeHeaderValue.TryParse(request.ContentType, out contentType))
        {
            return UnknownContentType;
        }

        if (FormatOf(contentType) is not { } format)
        {
            return UnknownContentType;
        }

        if (contentType is { Charset.HasValue: true } && !IsUtf8(HeaderUtilities.RemoveQuotes(contentType.Charset).Value))
        {
            return Invalid("The charset of the request body must be utf-8.");
        }

        if (request.Headers.ContentEncoding.Count > 0)
        {
            return Invalid("The request body must not have a Content-Encoding.");
        }

        Result<ReadOnlyMemory<byte>, GraphError> body = await RequestBody.ReadAsync(request, time, cancellationToken);
        if (!body.TryGet(out ReadOnlyMemory<byte> bytes, out GraphError? error))
        {
            return error;
        }

        return format switch
        {
            _ when bytes.IsEmpty => FromFields([], request, type, whenEmpty),
            Format.None => UnknownContentType,
            Format.Json => FromJson(bytes, request, type),
            Format.Form => FormFields.ReadUrlEncoded(bytes).TryGet(out List<FormField>? fields, out error) ? FromFields(fields, request, type) : error,
            _ => (await FormFields.ReadMultipartAsync(bytes, contentType?.Boundary.Value, cancellationToken)).TryGet(out List<FormField>? parts, out error)
                ? FromFields(parts, request, type)
                : error,
        };
    }

    private static Format? FormatOf(MediaTypeHeaderValue? contentType) => contentType switch
    {
        null => Format.None,
        _ when contentType.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) => Format.Json,
        _ when contentType.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase) => Format.Json,
        _ when contentType.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) => Format.Form,
        _ when contentType.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) => Format.Multipart,
        _ => null,
    };

    private static bool IsUtf8(string? charset) =>
        "utf-8".Equals(charset, StringComparison.OrdinalIgnoreCase) || "utf8".Equals(charset, StringComparison.OrdinalIgnoreCase);

    private static Result<T, GraphError> FromJson<T>(ReadOnlyMemory<byte> body, HttpRequest request, JsonTypeInfo<T> type)
        where T : class
    {
        ReadOnlyMemory<byte> json = body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;
        if (!Utf8.IsValid(json.Span))
        {
            return Invalid("The request body is not valid UTF-8.");
        }

        Result<T, GraphError> parsed = Deserialize(json.Span, type);
        if (parsed.Error is not null && Unpack(json.Span, type) is { } unpacked)
        {
            json = unpacked;
            parsed = Deserialize(json.Span, type);
        }

        if (parsed.Error is not null || !FormFields.ReadQuery(request).Any(field => FormObject.Knows(type, field.Name)))
        {
            return parsed;
        }

        FormObject merged;
        try
        {
            merged = new FormObject(type, JsonNode.Parse(json.Span, documentOptions: DocumentOptions)?.AsObject() ?? []);
        }
        catch (JsonException exception)
        {
            // Reading has passed over members it doesn't know; here they count.
            return Describe(exception, json.Span);
        }
        catch (InvalidOperationException)
        {
            return Invalid("The request holds a name that is not valid Unicode.");
        }

        return merged.AddAbsent(FormFields.ReadQuery(request)) is { } error ? error : Deserialize(merged, type);
    }

    /// <summary>The same with objects and lists in the place of texts that say them; null where there are none, or no JSON.</summary>
    private static byte[]? Unpack(ReadOnlySpan<byte> json, JsonTypeInfo type)
    {
        try
        {
            return JsonNode.Parse(json, documentOptions: DocumentOptions) is JsonObject root && new FormObject(type, root) is var form && form.Unpack() ? form.ToUtf8() : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            // No JSON, or a name that is not valid Unicode.
            return null;
        }
    }

    private static Result<T, GraphError> FromFields<T>(List<FormField> fields, HttpRequest request, JsonTypeInfo<T> type, T? whenEmpty = null)
        where T : class
    {
        FormObject form = new(type, []);
        if ((form.Add(fields) ?? form.AddAbsent(FormFields.ReadQuery(request))) is { } error)
        {
            return error;
        }

        if (!form.IsEmpty)
        {
            return Deserialize(form, type);
        }

        return whenEmpty is not null ? whenEmpty : Invalid($"The request has no parameters: send a body of type {Accepted}.");
    }

    private static Result<T, GraphError> Deserialize<T>(FormObject form, JsonTypeInfo<T> type)
        where T : class => form.ToUtf8() is { } json ? Deserialize(json, type) : Invalid("The request holds text that is not valid Unicode.");

    private static Result<T, GraphError> Deserialize<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) is { } value ? value : Invalid("The request body must be a JSON object, not null.");
        }
        catch (JsonException exception)
        {
            return Describe(exception, json);
        }
    }

    // The reader's own exceptions come as the cause; without one, the JSON was fine and a member was not what it should be.
    private static GraphError Describe(JsonException exception, ReadOnlySpan<byte> json)
    {
        if (exception.InnerException is not JsonException)
        {
            return Invalid($"The member {exception.Path ?? "$"} of the request is of the wrong type, occurs twice, or holds text that is not valid Unicode.");
        }

        string place = $"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}";
        return IsTooDeep(json)
            ? Invalid($"The request body is nested more than {GraphJson.MaxDepth} levels deep ({place}).")
            : Invalid($"The request body is not well-formed JSON ({place}).");
    }

    private static bool IsTooDeep(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = RequestBody.MaxBytes });
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth >= GraphJson.MaxDepth && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            return false;
        }

        return false;
    }

    private static GraphError UnknownContentType => Invalid($"The Content-Type of the request must be {Accepted}.");

    private static GraphError Invalid(string details) => GraphErrorCode.InvalidParameter.Because(details);
}
