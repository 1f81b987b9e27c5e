namespace Relay.Tests.Support;

/// <summary>Sends each envelope twice and gives the second answer: as a relay does that lost the first.</summary>
internal sealed class TwiceHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private int _repeated;

    public int Repeated => _repeated;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Post && request.Content is { } content && request.RequestUri?.AbsolutePath == "/transport/v1/envelopes")
        {
            using HttpRequestMessage first = new(request.Method, request.RequestUri) { Content = new ByteArrayContent(await content.ReadAsByteArrayAsync(cancellationToken)) };
            first.Content.Headers.ContentType = content.Headers.ContentType;
            first.Headers.Authorization = request.Headers.Authorization;
            (await base.SendAsync(first, cancellationToken)).Dispose();
            Interlocked.Increment(ref _repeated);
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
