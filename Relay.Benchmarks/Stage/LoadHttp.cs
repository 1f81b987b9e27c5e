using System.Net.Http.Headers;

namespace Relay.Benchmarks.Stage;

/// <summary>Posts JSON as a business's program would, over kept connections. An answer other than success is an exception.</summary>
internal sealed class LoadHttp : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
    });

    /// <summary>For devices, which call through the same pool.</summary>
    public HttpClient Client => _http;

    public Task PostAsync(Uri address, string bearer, byte[] body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, address, bearer, body, cancellationToken);

    public async Task<byte[]> SendAsync(HttpMethod method, Uri address, string bearer, byte[] body, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = Json;
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
        byte[] answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? answer
            : throw new HttpRequestException($"{method} {address.AbsolutePath} was answered {(int)response.StatusCode}.");
    }

    public void Dispose() => _http.Dispose();
}
