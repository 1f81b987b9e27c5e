using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Relay.Shared.Transport.Wire;

namespace Relay.Functions.Http;

/// <summary>Reads a bounded JSON body, and asks about its bytes before it parses them; whatever is wrong with it is a failure of the closed list.</summary>
internal static class TransportBody
{
    private static readonly TransportFailure s_tooLarge = new(TransportErrorCode.TooLarge, "The body is larger than 128 KiB.");
    private static readonly TransportFailure s_notJson = new(TransportErrorCode.BadRequest, "The body is not the JSON object that this operation takes.");
    private static readonly TransportFailure s_wrongType = new(TransportErrorCode.BadRequest, "The content type is not application/json.");
    private static readonly TransportFailure s_late =
        new(TransportErrorCode.BadRequest, $"The body did not arrive within {BoundedBody.Deadline.TotalSeconds} seconds.");

    private static readonly TransportFailure s_broken = new(TransportErrorCode.BadRequest, "The body ended early or is not framed as HTTP demands.");

    internal static async Task<TransportResult<TBody>> ReadAsync<TBody>(
        HttpRequest request, JsonTypeInfo<TBody> type, Func<ReadOnlyMemory<byte>, bool> isBelieved, TimeProvider time, CancellationToken cancellationToken)
        where TBody : class
    {
        if (!IsJson(request.ContentType))
        {
            return s_wrongType;
        }

        (BodyOutcome outcome, ReadOnlyMemory<byte> body) = await BoundedBody.ReadAsync(request, TransportLimits.MaxBodyBytes, time, cancellationToken);
        return outcome switch
        {
            BodyOutcome.Complete => isBelieved(body) ? Parse(body.Span, type) : TransportAnswers.Unauthorized,
            BodyOutcome.TooLarge => s_tooLarge,
            BodyOutcome.Late => s_late,
            _ => s_broken,
        };
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? parsed)
        && parsed.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);

    private static TransportResult<TBody> Parse<TBody>(ReadOnlySpan<byte> json, JsonTypeInfo<TBody> type)
        where TBody : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) is { } body ? body : s_notJson;
        }
        catch (JsonException)
        {
            return s_notJson;
        }
    }
}
