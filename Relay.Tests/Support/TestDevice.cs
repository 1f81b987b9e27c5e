using Relay.Phone;
using Relay.Phone.Events;
using Relay.Phone.Receiving;
using Relay.Shared.Primitives;
using Xunit;

namespace Relay.Tests.Support;

/// <summary>A user's device.</summary>
internal sealed class TestDevice(PhoneDevice phone, string number) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Queue<MessageReceived> _come = [];

    public PhoneDevice Phone { get; } = phone;

    public string Number { get; } = number;

    public string Digits => Number[1..];

    public PhoneNumber PhoneNumber => Of(Number);

    public static PhoneNumber Of(string number) =>
        PhoneNumber.TryParse(number, out PhoneNumber? parsed) ? parsed : throw new FormatException(number);

    /// <summary>All messages waiting, receipts for them sent.</summary>
    public async Task<IReadOnlyList<MessageReceived>> ReceiveAsync()
    {
        List<MessageReceived> all = [];
        while (true)
        {
            IReadOnlyList<PhoneEvent> events = await Phone.ReceiveAsync(
                new ReceiveOptions { Wait = TimeSpan.Zero }, CancellationToken.None);
            Assert.DoesNotContain(events, e => e is MessageUndecryptable);
            if (events.Count == 0)
            {
                return all;
            }

            all.AddRange(events.OfType<MessageReceived>());
        }
    }

    /// <summary>The next message, waited for; receipts for it are sent. For a Relay whose queues move by themselves.</summary>
    public async Task<MessageReceived> NextAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        while (_come.Count == 0)
        {
            IReadOnlyList<PhoneEvent> events = await Phone.ReceiveAsync(new ReceiveOptions { Wait = TimeSpan.FromSeconds(20) }, patience.Token);
            Assert.DoesNotContain(events, e => e is MessageUndecryptable);
            foreach (MessageReceived message in events.OfType<MessageReceived>())
            {
                _come.Enqueue(message);
            }
        }

        return _come.Dequeue();
    }

    public Task<PhoneEvent> SendAsync(string to, string text) => Phone.SendTextAsync(Of(to), text, null, CancellationToken.None);

    public void Dispose() => Phone.Dispose();
}
