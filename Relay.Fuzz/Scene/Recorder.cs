using System.Collections.Concurrent;

namespace Relay.Fuzz.Scene;

/// <summary>Remembers every request that passes.</summary>
internal sealed class Recorder(HttpMessageHandler inner, ConcurrentQueue<RecordedRequest> into) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        byte[] body = [];
        if (request.Content is { } content)
        {
            await content.LoadIntoBufferAsync(cancellationToken);
            body = await content.ReadAsByteArrayAsync(cancellationToken);
        }

        IEnumerable<KeyValuePair<string, IEnumerable<string>>> headers = [.. request.Headers, .. request.Content?.Headers.AsEnumerable() ?? []];
        into.Enqueue(new RecordedRequest(
            request.Method.Method,
            request.RequestUri?.PathAndQuery ?? "/",
            [.. headers.Where(header => header.Key is not ("Content-Length" or "Host" or "Transfer-Encoding")).Select(header => (header.Key, string.Join(", ", header.Value)))],
            body));
        return await base.SendAsync(request, cancellationToken);
    }
}

/// <summary>One request as it went over the wire.</summary>
internal sealed record RecordedRequest(string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    public override string ToString() => Method;
}
