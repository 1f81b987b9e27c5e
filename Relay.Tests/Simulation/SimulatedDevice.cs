using System.Diagnostics.CodeAnalysis;
using Relay.Phone;
using Relay.Phone.Events;
using Relay.Phone.Receiving;
using Relay.Phone.State;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Client;

namespace Relay.Tests.Simulation;

/// <summary>A user and the real device in his hand: does one thing at a time, and again when the transport wasn't there.</summary>
[SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The device lives as long as the world.")]
internal sealed class SimulatedDevice(string number, MemoryPhoneState state, HttpClient http, Uri transport, PhoneNumber business, TimeProvider time)
{
    private readonly Queue<string> _texts = new();
    private PhoneDevice _phone = new(state, new TransportClient(http, transport), time);

    public string Number { get; } = number;

    public bool IsBusy { get; private set; }

    public bool HasText => _texts.Count > 0;

    /// <summary>What it showed, and what the user was told was on its way.</summary>
    public List<PhoneEvent> Shown { get; } = [];

    public List<string> Sent { get; } = [];

    /// <summary>Set when the last fetch found nothing and nothing is left to send.</summary>
    public bool IsQuiet { get; private set; }

    public void WillSend(string text) => _texts.Enqueue(text);

    public Task ReceiveAsync(bool marksRead) => BusyAsync(async () =>
    {
        IReadOnlyList<PhoneEvent> events = await _phone.ReceiveAsync(new ReceiveOptions { SendRead = marksRead }, CancellationToken.None);
        Shown.AddRange(events);
        await _phone.ConfirmAsync(CancellationToken.None);
        await _phone.EmptyOutboxAsync(CancellationToken.None);
        IsQuiet = events.Count == 0 && (await _phone.GetStatusAsync(CancellationToken.None)).Outbox == 0;
    });

    /// <summary>A text that could not even be kept (no keys were to be had) is tried again as if the user did.</summary>
    public Task SendAsync() => BusyAsync(async () =>
    {
        string text = _texts.Peek();
        if (await _phone.SendTextAsync(business, text, null, CancellationToken.None) is MessageRefused refused)
        {
            throw new InvalidOperationException("The transport refused a text for good: " + refused.Reason);
        }

        _texts.Dequeue();
        Sent.Add(text);
    });

    /// <summary>As after a restore of an old backup: the session is gone.</summary>
    public Task ForgetAsync() => BusyAsync(async () =>
    {
        _phone.Dispose();
        using (PhoneStore store = new(state))
        {
            await store.ChangeAsync(data => data.ConversationWith(business).Session = null, CancellationToken.None);
        }

        _phone = new PhoneDevice(state, new TransportClient(http, transport), time);
    });

    private async Task BusyAsync(Func<Task> work)
    {
        IsBusy = true;
        IsQuiet = false;
        try
        {
            await work();
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            // The user sees it, or doesn't; he tries again.
        }
        finally
        {
            IsBusy = false;
        }
    }
}
