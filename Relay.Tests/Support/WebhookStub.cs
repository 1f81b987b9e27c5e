using System.Collections.Concurrent;
using System.Net;
using System.Web;
using Relay.Shared.Graph.Webhooks;

namespace Relay.Tests.Support;

/// <summary>A business's endpoint without a socket: answers the handshake, keeps every delivery, and can be told to fail or to be silent.</summary>
internal sealed class WebhookStub : HttpMessageHandler
{
    public static readonly Uri Callback = new("http://127.0.0.1:9/webhook");

    /// <summary>Where a further subscriber listens.</summary>
    public static readonly Uri FurtherCallback = new("http://127.0.0.1:9/further/webhook");

    public ConcurrentQueue<Delivery> Deliveries { get; } = new();

    /// <summary>What the further subscriber got, and took.</summary>
    public ConcurrentQueue<Delivery> Further { get; } = new();

    /// <summary>What it answers to this delivery; null never answers.</summary>
    public Func<Delivery, HttpStatusCode?> Answer { get; set; } = _ => HttpStatusCode.OK;

    /// <summary>Runs when a delivery came, before its answer.</summary>
    public Action<Delivery> OnDelivery { get; set; } = _ => { };

    /// <summary>What it took, in order: "sent:wamid", "message:wamid".</summary>
    public IReadOnlyList<string> Told() => [.. Deliveries.Where(delivery => delivery.Accepted).Select(delivery => delivery.Summary)];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Get)
        {
            string? challenge = HttpUtility.ParseQueryString(request.RequestUri?.Query ?? "")["hub.challenge"];
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(challenge ?? "") };
        }

        byte[] body = await (request.Content?.ReadAsByteArrayAsync(cancellationToken) ?? Task.FromResult(Array.Empty<byte>()));
        Delivery delivery = new(body, request.Headers.GetValues(WebhookSignature.Header).Single(), Accepted: false)
        {
            Id = request.Headers.GetValues(StandardWebhooks.IdHeader).Single(),
        };
        if (request.RequestUri?.AbsolutePath == FurtherCallback.AbsolutePath)
        {
            Further.Enqueue(delivery with { Accepted = true });
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) };
        }

        HttpStatusCode? answer = Answer(delivery);
        Deliveries.Enqueue(delivery with { Accepted = (int?)answer is >= 200 and < 300 });
        OnDelivery(delivery);
        if (answer is not { } status)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("Nothing ends the silence but the caller.");
        }

        return new HttpResponseMessage(status) { Content = new ByteArrayContent([]) };
    }
}
