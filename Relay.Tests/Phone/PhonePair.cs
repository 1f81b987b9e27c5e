using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Relay.Phone;
using Relay.Phone.Events;
using Relay.Phone.Receiving;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
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

    /// <summary>Anna and Berta have read each other; then Berta's sessions are gone, and her phone starts again.</summary>
    internal static async Task<PhonePair> BertaForgotAsync()
    {
        PhonePair pair = await RegisteredAsync();
        await pair.AnnaSendsAsync("before");
        await pair.Berta.ReceiveAsync(new ReceiveOptions(), CancellationToken.None);
        await pair.BertaSendsAsync("before");
        await pair.Anna.ReceiveAsync(Silent, CancellationToken.None);
        await pair.Anna.ConfirmAsync(CancellationToken.None);
        await pair.Berta.ConfirmAsync(CancellationToken.None);
        await pair.ForgetBertasSessionsAsync();
        return pair;
    }

    internal async Task ForgetBertasSessionsAsync()
    {
        JsonNode state = await BertaState.ReadAsync();
        foreach ((_, JsonNode? conversation) in state["conversations"]!.AsObject())
        {
            conversation!.AsObject().Remove("session");
        }

        await BertaState.WriteAsync(state);
        RestartBerta();
    }

    /// <summary>A peer by hand beside the two.</summary>
    internal Task<RawDevice> RawDeviceAsync(string number = "+4915155555555", bool withKyber = true, IdentityKeyPair? identity = null) =>
        RawDevice.RegisterAsync(Transport.Connect(), number, _ => new Secret(FakeTransport.Code), withKyber, identity);

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
