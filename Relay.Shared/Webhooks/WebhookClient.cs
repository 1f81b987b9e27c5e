using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Relay.Shared.Graph.Webhooks;
using Relay.Shared.Primitives;

namespace Relay.Shared.Webhooks;

/// <summary>
/// Talks to businesses' endpoints and believes nothing they say: no redirects, no proxy, no cookies, no decompression, at most
/// 4 KiB of an answer read, and of a delivery's answer nothing but its head. Every failure is an answer, never an exception, unless the caller cancels.
/// </summary>
public sealed class WebhookClient(HttpMessageInvoker http, TimeProvider time)
{
    private const int MaxAnswerBytes = 4 * 1024;

    /// <summary>How long the verification handshake may take.</summary>
    public static readonly TimeSpan HandshakeBudget = TimeSpan.FromSeconds(10);

    /// <summary>The handler for production: what a webhook needs and nothing else.</summary>
    /// <param name="connect">Where it may connect to.</param>
    public static SocketsHttpHandler CreateHandler(PublicConnect connect) => new()
    {
        ConnectCallback = (context, cancellationToken) => connect.ConnectAsync(context.DnsEndPoint, cancellationToken),
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        MaxResponseHeadersLength = 16,
        MaxResponseDrainSize = MaxAnswerBytes,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        MaxConnectionsPerServer = 32,
        ActivityHeadersPropagator = null,
    };

    /// <summary>Posts a body with its signatures.</summary>
    /// <param name="callback">Where to.</param>
    /// <param name="appSecret">Signs.</param>
    /// <param name="id">The same at every attempt to tell this.</param>
    /// <param name="body">Exactly these bytes are signed and sent.</param>
    /// <param name="budget">How long the endpoint may take.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<WebhookAnswer> PostAsync(Uri callback, Secret appSecret, string id, byte[] body, TimeSpan budget, CancellationToken cancellationToken)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        using ByteArrayContent content = new(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpRequestMessage request = new(HttpMethod.Post, callback) { Content = content };
        request.Headers.TryAddWithoutValidation(WebhookSignature.Header, WebhookSignature.Compute(appSecret, body));
        request.Headers.TryAddWithoutValidation(StandardWebhooks.IdHeader, id);
        request.Headers.TryAddWithoutValidation(StandardWebhooks.TimestampHeader, now.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation(StandardWebhooks.SignatureHeader, StandardWebhooks.Compute(appSecret, id, now, body));
        Answer answer = await SendAsync(request, budget, readsBody: false, cancellationToken);
        return new WebhookAnswer(answer.Status, answer.RetryAfter) { IsLate = answer.IsLate };
    }

    /// <summary>Whether the endpoint answers the verification handshake.</summary>
    public async Task<bool> VerifyAsync(Uri callback, Secret verifyToken, CancellationToken cancellationToken)
    {
        string challenge = WebhookHandshake.CreateChallenge();
        using HttpRequestMessage request = new(HttpMethod.Get, WebhookHandshake.BuildUri(callback, challenge, verifyToken));
        return await SendAsync(request, HandshakeBudget, readsBody: true, cancellationToken) is { Status: > 0 } answer
            && WebhookHandshake.IsAccepted(answer.Status, answer.Body, challenge);
    }

    private async Task<Answer> SendAsync(HttpRequestMessage request, TimeSpan budget, bool readsBody, CancellationToken cancellationToken)
    {
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Relay", "1"));
        using CancellationTokenSource timeout = new(budget, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, either.Token);
            byte[] body = readsBody ? await ReadAsync(response, either.Token) : [];
            return new Answer((int)response.StatusCode, body, RetryAfter(response.Headers.RetryAfter));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new Answer(0, [], null) { IsLate = timeout.IsCancellationRequested };
        }
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[MaxAnswerBytes];
        int read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return buffer.AsSpan(0, read).ToArray();
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - time.GetUtcNow(),
        _ => null,
    };

    /// <summary>Status 0: none.</summary>
    private sealed record Answer(int Status, byte[] Body, TimeSpan? RetryAfter)
    {
        internal bool IsLate { get; init; }
    }
}
