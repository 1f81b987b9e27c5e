using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Pushes;

/// <summary>
/// The signed call that brings an envelope to the relay. Only 200 counts; redirects, proxies and cookies don't exist here, the
/// whole call ends after <see cref="Timeout"/>, and of the answer at most 4 KiB are read.
/// </summary>
public sealed class PushChannel(HttpMessageInvoker http, TimeProvider time)
{
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    private const int MaxAnswerBytes = 4 * 1024;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>A channel with connections of its own.</summary>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The channel lives as long as the process.")]
    public static PushChannel Create(TimeProvider time) => new(
        new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = MaxAnswerBytes,
        }),
        time);

    /// <summary>Whether the relay has taken it. An endpoint that fails in whatever way is false, never an exception.</summary>
    internal async Task<bool> TryPostAsync(PushTarget target, Envelope envelope, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(Timeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using HttpRequestMessage request = Sign(target, JsonSerializer.SerializeToUtf8Bytes(envelope, TransportJson.Default.Envelope));
            using HttpResponseMessage response = await http.SendAsync(request, either.Token);
            await DrainAsync(response, either.Token);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private HttpRequestMessage Sign(PushTarget target, byte[] body)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        ByteArrayContent content = new(body);
        content.Headers.ContentType = Json;
        HttpRequestMessage request = new(HttpMethod.Post, target.Url) { Content = content };
        request.Headers.Add(PushSignature.TimestampHeader, now.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(PushSignature.SignatureHeader, PushSignature.Compute(target.Secret.Reveal(), now, body));
        return request;
    }

    /// <summary>Reads a short answer to its end, so that the connection can be used again; a long one costs the connection.</summary>
    private static async Task DrainAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[MaxAnswerBytes];
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
    }
}
