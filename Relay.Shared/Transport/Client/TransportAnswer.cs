using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Client;

/// <summary>Tells an answer of the transport's API from anything else that may have answered in its place.</summary>
internal static class TransportAnswer
{
    /// <exception cref="HttpRequestException">A 5xx, or an answer that isn't of this API.</exception>
    internal static TransportResult<T> Read<T>(HttpResponseMessage response, byte[] body, JsonTypeInfo<T> type)
        where T : class
    {
        if (response.StatusCode == HttpStatusCode.OK && Parse(body, type) is { } value)
        {
            return value;
        }

        if ((int)response.StatusCode is >= 400 and < 500 && Parse(body, TransportJson.Default.TransportErrorResponse)?.Error is { Code: not null } error)
        {
            return new TransportFailure(error.Code, error.Message, response.Headers.RetryAfter?.Delta);
        }

        throw new HttpRequestException("The transport is not available.", null, response.StatusCode);
    }

    private static T? Parse<T>(byte[] body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
