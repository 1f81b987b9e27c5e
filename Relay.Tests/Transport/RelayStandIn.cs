using System.Collections.Concurrent;
using System.Net;

namespace Relay.Tests.Transport;

/// <summary>The relay's end of a push: keeps what it was sent, answers what the test says.</summary>
internal sealed class RelayStandIn : HttpMessageHandler
{
    public ConcurrentQueue<(Uri? Url, string? Timestamp, string? Signature, byte[] Body)> Pushes { get; } = [];

    /// <summary>What it answers; null breaks the connection.</summary>
    public HttpStatusCode? Answer { get; set; } = HttpStatusCode.OK;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        byte[] body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        Pushes.Enqueue((request.RequestUri, Header(request, "Relay-Timestamp"), Header(request, "Relay-Signature"), body));
        return new HttpResponseMessage(Answer ?? throw new HttpRequestException("refused"));
    }

    private static string? Header(HttpRequestMessage request, string name) =>
        request.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.Single() : null;
}
