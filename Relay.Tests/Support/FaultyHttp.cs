using Relay.Shared.Storage;

namespace Relay.Tests.Support;

/// <summary>HTTP calls as steps of a <see cref="FaultPlan"/>; a lost one is an <see cref="HttpRequestException"/>.</summary>
internal sealed class FaultyHttp(HttpMessageHandler inner, FaultPlan plan, string process, string name) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        byte[] body = await (request.Content?.ReadAsByteArrayAsync(cancellationToken) ?? Task.FromResult(Array.Empty<byte>()));
        try
        {
            return await plan.StepAsync(
                process,
                name,
                request.RequestUri?.Segments[^1].Trim('/') ?? "",
                "",
                () => base.SendAsync(request, cancellationToken),
                () => LandAsync(request, body));
        }
        catch (StorageFaultException lost)
        {
            throw new HttpRequestException("Lost on the way.", lost);
        }
    }

    /// <summary>Whoever it went to may be gone, and listen elsewhere, by the time it lands.</summary>
    private async Task LandAsync(HttpRequestMessage request, byte[] body)
    {
        try
        {
            (await base.SendAsync(Copy(request, body), CancellationToken.None)).Dispose();
        }
        catch (HttpRequestException)
        {
        }
    }

    /// <summary>The caller disposes its request before the copy lands.</summary>
    private static HttpRequestMessage Copy(HttpRequestMessage request, byte[] body)
    {
        HttpRequestMessage copy = new(request.Method, request.RequestUri) { Content = new ByteArrayContent(body) };
        foreach ((string header, IEnumerable<string> values) in request.Headers)
        {
            copy.Headers.TryAddWithoutValidation(header, values);
        }

        foreach ((string header, IEnumerable<string> values) in request.Content?.Headers.AsEnumerable() ?? [])
        {
            copy.Content.Headers.TryAddWithoutValidation(header, values);
        }

        return copy;
    }
}

/// <summary>Leads calls to wherever the relay listens since its last start.</summary>
internal sealed class Redirected(HttpMessageHandler inner, Func<Uri> to) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.RequestUri = new UriBuilder(request.RequestUri ?? to()) { Port = to().Port }.Uri;
        return base.SendAsync(request, cancellationToken);
    }
}
