using System.Collections.Concurrent;
using System.Text.Json;
using Relay.Shared.Signal;
using Relay.Shared.Signal.Wire;
using Relay.Shared.Transport.Wire;

namespace Relay.Tests.Support;

/// <summary>
/// Watches every envelope that leaves the relay: a (ratchet key, counter) never has two ciphertexts and a message id never has two
/// counters, whatever crashed in between. A second plaintext under one key would be a second ciphertext.
/// </summary>
internal sealed class RatchetOracle : DelegatingHandler
{
    private readonly ConcurrentDictionary<string, string> _byCounter = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _byId = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _violations = new();

    public RatchetOracle(HttpMessageHandler inner)
        : base(inner)
    {
    }

    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>What the last one was: <see cref="Envelope.Message"/> or <see cref="Envelope.PreKey"/>.</summary>
    public string? LastType { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri?.AbsolutePath.EndsWith("/transport/v1/envelopes", StringComparison.Ordinal) == true && request.Content is { } content)
        {
            Look(JsonSerializer.Deserialize(await content.ReadAsByteArrayAsync(cancellationToken), TransportJson.Default.SendEnvelopeRequest)
                ?? throw new InvalidDataException("No envelope."));
        }

        return await base.SendAsync(request, cancellationToken);
    }

    private void Look(SendEnvelopeRequest request)
    {
        SignalMessage message = Parse(request);
        LastType = request.Type;
        string counter = $"{Convert.ToHexStringLower(message.RatchetKey.Serialized)}/{message.Counter}";
        string bytes = Convert.ToBase64String(message.Bytes.Span);
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
