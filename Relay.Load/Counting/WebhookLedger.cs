using System.Collections.Concurrent;
using System.Security.Cryptography;
using Relay.Load.Parties;

namespace Relay.Load.Counting;

/// <summary>
/// What the endpoint was told, and how often. Twice is allowed as long as it is the same: one <c>webhook-id</c> has one body, and one
/// fact has one <c>webhook-id</c>.
/// </summary>
internal sealed class WebhookLedger
{
    private readonly ConcurrentDictionary<string, string> _bodies = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _ids = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _told = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _violations = new();
    private int _calls;
    private int _repeats;

    public IReadOnlyCollection<string> Violations => _violations;

    public int Calls => _calls;

    /// <summary>Calls whose <c>webhook-id</c> had come before.</summary>
    public int Repeats => _repeats;

    public void Note(WebhookCall call, IReadOnlyList<WebhookFact> facts, long at)
    {
        Interlocked.Increment(ref _calls);
        string hash = Convert.ToHexStringLower(SHA256.HashData(call.Body));
        if (!_bodies.TryAdd(call.Id, hash))
        {
            Interlocked.Increment(ref _repeats);
            if (_bodies[call.Id] != hash)
            {
                _violations.Enqueue($"Webhook {call.Id} came with two bodies.");
            }
        }

        foreach (WebhookFact fact in facts)
        {
            _told.TryAdd(fact.Key, at);
            if (_ids.GetOrAdd(fact.Key, call.Id) != call.Id)
            {
                _violations.Enqueue($"The {fact.Status ?? "message"} of one id was told under two webhook-ids.");
            }
        }
    }

    /// <summary>When a status of a message was first told.</summary>
    public long? StatusTold(string messageId, string status) =>
        _told.TryGetValue(new WebhookFact(messageId, null, status).Key, out long at) ? at : null;

    /// <summary>How many messages were told to have a status.</summary>
    public int StatusCount(string status) => _told.Keys.Count(key => key.StartsWith(status + ":", StringComparison.Ordinal));
}
