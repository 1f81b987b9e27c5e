using Relay.Phone;
using Relay.Phone.Events;
using Relay.Phone.Receiving;
using Relay.Shared.Primitives;
using Xunit;

namespace Relay.Tests.Support;

/// <summary>A user's device.</summary>
internal sealed class TestDevice(PhoneDevice phone, string number) : IDisposable
{
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

    public Task<PhoneEvent> SendAsync(string to, string text) => Phone.SendTextAsync(Of(to), text, null, CancellationToken.None);

    public void Dispose() => Phone.Dispose();
}
