using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Relay.Load.Parties;
using Relay.Phone.Events;

namespace Relay.Load.Counting;

/// <summary>
/// Every message of a run, what was acknowledged and what came out. Nothing acknowledged may be missing at the end, nothing may come
/// out more often than it was sent, and what comes twice must be the same. Whoever saw something says so here; nobody judges earlier.
/// </summary>
/// <param name="time">The run's clock.</param>
/// <param name="before">What ran before: its messages may be told again.</param>
internal sealed class Ledger(TimeProvider time, Ledger? before = null)
{
    private readonly string _run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
    private readonly ConcurrentDictionary<string, Passage> _passages = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly ConcurrentQueue<double> _handling = new();
    private int _last;
    private int _deviceRepeats;
    private int _undecryptable;

    public WebhookLedger Webhooks { get; } = new();

    public IEnumerable<Passage> Passages => _passages.Values;

    /// <summary>What the sides saw and may never be seen, beside what <see cref="WebhookLedger.Violations"/> says.</summary>
    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>Messages that a device was given twice under one id.</summary>
    public int DeviceRepeats => _deviceRepeats;

    /// <summary>Envelopes that a device could not decrypt; it asks for them again.</summary>
    public int Undecryptable => _undecryptable;

    /// <summary>Milliseconds that the endpoint took for each call.</summary>
    public IReadOnlyCollection<double> Handling => _handling;

    /// <summary>Begins a message that is due at a time.</summary>
    public Passage Begin(Way way, long due, bool isKeyed)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{_run}-{Interlocked.Increment(ref _last)}");
        return _passages[text] = new Passage(way, text, due) { IsKeyed = isKeyed };
    }

    /// <summary>A device tells what happened to it.</summary>
    public void Note(PhoneEvent happened)
    {
        switch (happened)
        {
            case MessageReceived message:
                Arrive(Way.ToUser, message.Text, message.Id, () => Interlocked.Increment(ref _deviceRepeats));
                break;
            case MessageUndecryptable:
                Interlocked.Increment(ref _undecryptable);
                break;
            case MessageRefused:
                _violations.Enqueue("A device's message was taken and refused later.");
                break;
            case IdentityChanged:
                _violations.Enqueue("The business's identity key changed.");
                break;
        }
    }

    /// <summary>The endpoint tells of a call.</summary>
    public void Note(WebhookCall call)
    {
        long at = time.GetTimestamp();
        try
        {
            IReadOnlyList<WebhookFact> facts = WebhookFact.Read(call.Body);
            Webhooks.Note(call, facts, at);
            foreach (WebhookFact fact in facts.Where(fact => fact.Status is null))
            {
                Arrive(Way.ToBusiness, fact.Text, fact.MessageId, () => 0);
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            _violations.Enqueue("A webhook's body could not be read.");
        }

        _handling.Enqueue(time.GetElapsedTime(at).TotalMilliseconds);
    }

    private bool Knows(string text) => _passages.ContainsKey(text) || before?.Knows(text) == true;

    private void Arrive(Way way, string? text, string id, Func<int> onRepeat)
    {
        if (text is not null && before?.Knows(text) == true)
        {
            return;
        }

        if (text is null || !_passages.TryGetValue(text, out Passage? passage) || passage.Way != way)
        {
            _violations.Enqueue("A message came out that nobody had sent.");
        }
        else if (!passage.Arrive(time.GetTimestamp(), id))
        {
            onRepeat();
        }
    }
}
