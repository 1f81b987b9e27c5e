using Relay.LocalHost;
using Relay.Phone;
using Relay.Phone.Events;
using Relay.Phone.Receiving;
using Relay.Phone.State;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Client;
using Relay.Tests.Transport;
using Xunit;

namespace Relay.Tests.Phone;

/// <summary>Phones on the transport itself, through HTTP: what the stand-in of the other tests must not hide.</summary>
public sealed class RealTransportTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly PhoneNumber s_anna = PhonePair.Number("+4915112345678");
    private static readonly PhoneNumber s_berta = PhonePair.Number("+4915187654321");

    private readonly TransportHarness _transport = new();
    private readonly HttpClient _http = new();
    private LocalFunctionHost _host = null!;

    public async Task InitializeAsync()
    {
        await _transport.CreateStorageAsync();
        _host = await LocalFunctionHost.StartAsync(
            new LocalFunctionHostOptions
            {
                FunctionClasses = type => type.Namespace == "Relay.Functions.Devices",
                ConfigureServices = _transport.Configure,
                Time = _transport.Time,
                RunPumps = false,
            },
            None);
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
        await _transport.DisposeAsync();
    }

    [Fact]
    public async Task Two_phones_talk_with_receipts()
    {
        using PhoneDevice anna = await RegisterAsync(s_anna);
        using PhoneDevice berta = await RegisterAsync(s_berta);

        MessageSent sent = Assert.IsType<MessageSent>(await anna.SendTextAsync(s_berta, "hello", null, None));
        Assert.False(sent.Queued);
        Assert.Equal(["hello"], await PhonePair.TextsAsync(berta));
        _transport.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<MessageSent>(await berta.SendTextAsync(s_anna, "good day", null, None));

        IReadOnlyList<PhoneEvent> events = await anna.ReceiveAsync(new ReceiveOptions(), None);
        Assert.Equal([sent.Id], Assert.IsType<ReceiptReceived>(events[0]).Ids);
        Assert.Equal("good day", Assert.IsType<MessageReceived>(events[1]).Text);
        Assert.Empty(await anna.ReceiveAsync(new ReceiveOptions(), None));
        Assert.Equal(99, (await berta.GetStatusAsync(None)).OneTimePreKeys);
    }

    private async Task<PhoneDevice> RegisterAsync(PhoneNumber number)
    {
        PhoneDevice device = new(new MemoryPhoneState(), new TransportClient(_http, _host.BaseAddress), _transport.Time);
        await device.RegisterAsync(number, (id, _) => Task.FromResult(_transport.Codes.Codes[id]), None);
        return device;
    }
}
