using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Relay.Shared.Signal;
using Relay.Shared.Signal.Wire;
using Relay.Shared.Transport.Wire;

namespace Relay.Load.Counting;

/// <summary>
/// Watches every envelope that leaves the relay: a (ratchet key, counter) never has two ciphertexts and a message id never has two
/// counters, whatever crashed in between. A second plaintext under one key would be a second ciphertext.
/// </summary>
internal sealed class RatchetOracle : DelegatingHandler
{
    private const string Path = "/transport/v1/envelopes";

    private readonly ConcurrentDictionary<string, string> _byCounter = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _byId = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _violations = new();

    public RatchetOracle(HttpMessageHandler inner)
        : base(inner)
    {
    }

    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>How many different counters it has seen.</summary>
    public int Counters => _byCounter.Count;

    /// <summary>What the last one was: <see cref="Envelope.Message"/> or <see cref="Envelope.PreKey"/>.</summary>
    public string? LastType { get; private set; }

    /// <summary>Whether a request with this path sends an envelope.</summary>
    public static bool IsSend(HttpMethod method, string path) => method == HttpMethod.Post && path.EndsWith(Path, StringComparison.Ordinal);

    /// <summary>Looks at the body of a request that <see cref="IsSend"/>. One that holds no Signal message is a violation too.</summary>
    public void Look(ReadOnlySpan<byte> body)
    {
        try
        {
            Look(JsonSerializer.Deserialize(body, TransportJson.Default.SendEnvelopeRequest) ?? throw new InvalidDataException("No envelope."));
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            _violations.Enqueue("What left for the transport was no Signal message.");
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsSend(request.Method, request.RequestUri?.AbsolutePath ?? "") && request.Content is { } content)
        {
            Look(await content.ReadAsByteArrayAsync(cancellationToken));
        }

        return await base.SendAsync(request, cancellationToken);
    }

    /// <summary>An envelope leaves.</summary>
    public void Look(SendEnvelopeRequest request)
    {
        SignalMessage message = Parse(request);
        LastType = request.Type;
        string counter = $"{Convert.ToHexStringLower(message.RatchetKey.Serialized)}/{message.Counter}";
        string bytes = Convert.ToHexStringLower(SHA256.HashData(message.Bytes.Span));
        if (_byCounter.GetOrAdd(counter, bytes) != bytes)
        {
            _violations.Enqueue($"Counter {message.Counter} of one ratchet key was used for two ciphertexts.");
        }

        if (_byId.GetOrAdd(request.To + request.Id, counter) != counter)
        {
            _violations.Enqueue($"Message {request.Id} left under two counters.");
        }
    }

    private static SignalMessage Parse(SendEnvelopeRequest request)
    {
        if (request.Type == Envelope.PreKey)
        {
            return PreKeySignalMessage.TryParse(request.Content, out PreKeySignalMessage? first) ? first.Inner : throw new InvalidDataException("No pre-key message.");
        }

        return SignalMessage.Parse(request.Content, out SignalMessage? message) == SessionOutcome.Success && message is not null
            ? message
            : throw new InvalidDataException("No Signal message.");
    }
}
