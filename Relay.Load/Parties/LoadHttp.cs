using System.Net.Http.Headers;

namespace Relay.Load.Parties;

/// <summary>Sends JSON as a business's program would, over kept connections.</summary>
internal sealed class LoadHttp : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
    });

    /// <summary>For devices, which call through the same pool.</summary>
    public HttpClient Client => _http;

    public Task PostAsync(Uri address, string bearer, byte[] body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, address, bearer, body, cancellationToken);

    /// <summary>The body of the answer.</summary>
    /// <exception cref="HttpRequestException">There was none, or it was no success.</exception>
    public async Task<byte[]> SendAsync(HttpMethod method, Uri address, string bearer, byte[] body, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await TrySendAsync(method, address, bearer, body, idempotencyKey: null, cancellationToken);
        byte[] answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? answer
            : throw new HttpRequestException($"{method} {address.AbsolutePath} was answered {(int)response.StatusCode}.");
    }

    /// <summary>Whatever was answered.</summary>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public async Task<HttpResponseMessage> TrySendAsync(
        HttpMethod method, Uri address, string bearer, byte[] body, string? idempotencyKey, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = Json;
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return await _http.SendAsync(request, cancellationToken);
    }

    public void Dispose() => _http.Dispose();
}
