namespace Relay.Fuzz.Scene;

/// <summary>Leads every call to the Relay of the moment, whatever address was once stored.</summary>
internal sealed class ToRelay(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    public Uri? Address { get; set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Address is { } address && request.RequestUri is { } uri)
        {
            request.RequestUri = new Uri(address, uri.PathAndQuery);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
