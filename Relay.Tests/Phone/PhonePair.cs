using Microsoft.Extensions.Time.Testing;
using Relay.Phone;
using Relay.Phone.Events;
using Relay.Phone.Receiving;
using Relay.Shared.Primitives;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Phone;

/// <summary>Two registered phones on one transport. Each can crash: a new device opens the state that was saved last.</summary>
internal sealed class PhonePair : IDisposable
{
    internal static readonly ReceiveOptions Silent = new() { SendDelivered = false };

    private PhonePair()
    {
        Transport = new FakeTransport(Time);
        Anna = new PhoneDevice(AnnaState, Transport.Connect(), Time);
        Berta = new PhoneDevice(BertaState, Transport.Connect(), Time);
    }

    internal FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    internal FakeTransport Transport { get; }

    internal PhoneNumber AnnasNumber { get; } = Number("+4915112345678");

    internal PhoneNumber BertasNumber { get; } = Number("+4915187654321");

    internal CrashingState AnnaState { get; } = new();

    internal CrashingState BertaState { get; } = new();

    internal PhoneDevice Anna { get; private set; }

    internal PhoneDevice Berta { get; private set; }

    internal static async Task<PhonePair> RegisteredAsync()
    {
        PhonePair pair = new();
        await RegisterAsync(pair.Anna, pair.AnnasNumber);
        await RegisterAsync(pair.Berta, pair.BertasNumber);
        return pair;
    }

    internal static Task RegisterAsync(PhoneDevice device, PhoneNumber number) =>
        device.RegisterAsync(number, (_, _) => Task.FromResult(new Secret(FakeTransport.Code)), CancellationToken.None);

    internal static PhoneNumber Number(string text) => PhoneNumber.TryParse(text, out PhoneNumber? number) ? number : throw new FormatException();

    internal void RestartAnna()
    {
        Anna.Dispose();
        Anna = new PhoneDevice(AnnaState, Transport.Connect(), Time);
    }

    internal void RestartBerta()
    {
        Berta.Dispose();
        Berta = new PhoneDevice(BertaState, Transport.Connect(), Time);
    }

    internal async Task<string> AnnaSendsAsync(string text, EnvelopeId? replyTo = null) =>
        Assert.IsType<MessageSent>(await Anna.SendTextAsync(BertasNumber, text, replyTo, CancellationToken.None)).Id;

    internal async Task<string> BertaSendsAsync(string text, EnvelopeId? replyTo = null) =>
        Assert.IsType<MessageSent>(await Berta.SendTextAsync(AnnasNumber, text, replyTo, CancellationToken.None)).Id;

    internal static async Task<IReadOnlyList<string?>> TextsAsync(PhoneDevice device, ReceiveOptions? options = null) =>
        [.. (await device.ReceiveAsync(options ?? new ReceiveOptions(), CancellationToken.None)).OfType<MessageReceived>().Select(message => message.Text)];

    public void Dispose()
    {
        Anna.Dispose();
        Berta.Dispose();
        Transport.Dispose();
    }
}
