using System.Net;
using System.Net.Http.Headers;
using System.Web;

namespace Relay.Fuzz.Scene;

/// <summary>Every business's endpoint and every link: answers the handshake and takes all else. Nothing leaves this process.</summary>
internal sealed class Endpoint : HttpMessageHandler
{
    /// <summary>The beginning of a PNG, which is enough to be one.</summary>
    internal static byte[] Picture { get; } = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0];

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string? challenge = HttpUtility.ParseQueryString(request.RequestUri?.Query ?? string.Empty)["hub.challenge"];
        HttpContent content = challenge is null ? new ByteArrayContent(Picture) : new StringContent(challenge);
        if (challenge is null)
        {
            content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        }

        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content });
    }
}
