using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Relay.LocalHost;
using Relay.Phone;
using Relay.Phone.Receiving;
using Relay.Phone.State;
using Relay.Shared.Hosting;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Pushes;
using Xunit;

namespace Relay.Tests.Support;

/// <summary>
/// One business and one device on storage in memory and a clock that only the test moves; every call that leaves relay or transport is
/// a step of a <see cref="FaultPlan"/>. Keeps a ledger of what was acknowledged, so that <see cref="CheckAsync"/> can tell what must have come.
/// </summary>
[SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "Handlers live as long as the world.")]
internal sealed partial class PairWorld : IAsyncDisposable
{
    private readonly PreparedPair _pair;
    private readonly FaultPlan _plan;
    private readonly SocketsHttpHandler _sockets = new() { UseProxy = false };
    private LocalRelayOptions _options;
    private TestRelay? _running;
    private TestDevice? _device;
    private bool _isRecovered;

    private PairWorld(PreparedPair pair, FaultPlan plan, FakeTimeProvider time, MemoryAccount relay, MemoryAccount transport, MemoryPhoneState phone)
    {
        (_pair, _plan, Time, Relay, Transport, PhoneState) = (pair, plan, time, relay, transport, phone);
        Oracle = new RatchetOracle(_sockets);
        (QuickKeys relayKeys, QuickKeys transportKeys) = (pair.RelayKeys.Copy(), pair.TransportKeys.Copy());
        FaultyTableStore relayTables = new(relay.Tables, plan, "relay");
        FaultyTableStore transportTables = new(transport.Tables, plan, "transport");
        _options = pair.Options(
            time, relayTables, new FaultyQueueStore(relay.Queues, plan, "relay"), transportTables, new FaultyQueueStore(transport.Queues, plan, "transport")) with
        {
            OutgoingHttp = new OutgoingHttp(
                new HttpClient(new FaultyHttp(Oracle, plan, "relay", "http:transport")),
                new HttpMessageInvoker(new FaultyHttp(Webhook, plan, "relay", "http:business"))),
            Customize = services =>
            {
                KeyRing ring = new(relayTables, relayKeys, time);
                services.AddSingleton(new RelayKeys(ring, new Sealer(ring, "local")));
                KeyRing other = new(transportTables, transportKeys, time);
                services.AddSingleton(new TransportKeys(other, new Sealer(other, "local")));
                Redirected here = new(_sockets, () => Running.Local.BaseAddress);
                services.AddSingleton(new PushChannel(new HttpMessageInvoker(new FaultyHttp(here, plan, "transport", "http:push")), time));
            },
        };
    }

    public FakeTimeProvider Time { get; }

    public MemoryAccount Relay { get; }

    public MemoryAccount Transport { get; }

    public MemoryPhoneState PhoneState { get; }

    /// <summary>The message of <see cref="PreparedPair.InboundMessage"/>.</summary>
    public string? InboundMessage => _pair.InboundMessage;

    public WebhookStub Webhook { get; } = new();

    public RatchetOracle Oracle { get; }

    public TestRelay Running => _running ?? throw new InvalidOperationException("Not started.");

    public TestBusiness Business { get; private set; } = null!;

    public TestDevice Device => _device ?? throw new InvalidOperationException("Not started.");

    /// <summary>Starts on a copy of what was prepared.</summary>
    public static async Task<PairWorld> StartAsync(
        Task<PreparedPair> prepared, FaultPlan? plan = null, Func<LocalRelayOptions, LocalRelayOptions>? change = null)
    {
        PreparedPair pair = await prepared;
        FakeTimeProvider time = pair.Clock();
        PairWorld world = new(
            pair, plan ?? FaultPlan.Nothing(), time, await pair.RelayAsync(time), await pair.TransportAsync(time), await pair.PhoneAsync());
        await world.RestartAsync(change);
        world.Business = pair.Business(world.Running);
        return world;
    }

    /// <summary>Makes what is to be prepared.</summary>
    internal static async Task<PairWorld> ProvisionAsync(PreparedPair pair)
    {
        FakeTimeProvider time = pair.Clock();
        PairWorld world = new(pair, FaultPlan.Nothing(), time, new MemoryAccount(time), new MemoryAccount(time), new MemoryPhoneState());
        world._running = await TestRelay.StartAsync(world._options);
        world.Business = await world.Running.BusinessAsync(null);
        await world.SetWebhookAsync();
        world._device = await world.Running.DeviceAsync(pair.DeviceNumber, world.PhoneState);
        return world;
    }

    public Task SetWebhookAsync() => Running.AdminAsync(
        HttpMethod.Put, $"businesses/{Business.Id}/webhook", new { callback_url = WebhookStub.Callback.AbsoluteUri, verify_token = "verify" });

    /// <summary>Adds a further subscriber: <see cref="WebhookStub.Further"/>.</summary>
    public Task AddSubscriberAsync() => Running.AdminAsync(
        HttpMethod.Post, $"businesses/{Business.Id}/subscribers", new { callback_url = WebhookStub.FurtherCallback.AbsoluteUri, verify_token = "verify" });

    /// <summary>Stops the process, if it ran, and starts it on the same storage: nothing that was only in memory survives.</summary>
    public async Task RestartAsync(Func<LocalRelayOptions, LocalRelayOptions>? change = null)
    {
        _options = change?.Invoke(_options) ?? _options;
        if (_running is not null)
        {
            CheckFaults();
            await _running.DisposeAsync();
        }

        _plan.Restart();
        _running = await TestRelay.StartAsync(_options);
        if (Business is not null)
        {
            Business = _pair.Business(_running);
        }

        _device?.Dispose();
        _device = _running.OpenDevice(_pair.DeviceNumber, PhoneState);
    }

    /// <summary>The business sends a text; null when the call was not acknowledged.</summary>
    public async Task<string?> SendAsync(string text)
    {
        string body = JsonSerializer.Serialize(new { messaging_product = "whatsapp", to = Device.Number, type = "text", text = new { body = text } });
        (HttpStatusCode status, JsonElement answer) = await Business.PostAsync(body);
        string? id = status == HttpStatusCode.OK ? TestRelay.Text(answer.GetProperty("messages")[0], "id") : null;
        _sent.Add((text, id));
        return id;
    }

    /// <summary>The business sends a text with an Idempotency-Key until that is acknowledged, restarting Relay where it died; gives the id.</summary>
    public async Task<string> SendOnceAsync(string text, string key)
    {
        for (int attempt = 0; ; attempt++)
        {
            PostAnswer answer = await Business.PostKeyedAsync(TestBusiness.Text(Device.Number, text), key);
            if (answer.Status == HttpStatusCode.OK)
            {
                _sent.RemoveAll(sent => sent.Text == text);
                _sent.Add((text, answer.Id));
                return answer.Id;
            }

            Assert.True(attempt < 5, answer.Answer.ToString());
            if (_plan.IsAnyDead)
            {
                await RestartAsync();
            }
        }
    }

    /// <summary>Every call that left relay or transport so far.</summary>
    public IReadOnlyList<FaultyCall> Calls => _plan.Calls;

    /// <summary>The business marks the message of <see cref="PreparedPair.InboundMessage"/> as read; false when the call was not acknowledged.</summary>
    public async Task<bool> MarkReadAsync()
    {
        string body = JsonSerializer.Serialize(new { messaging_product = "whatsapp", status = "read", message_id = _pair.InboundMessage });
        bool accepted = (await Business.PostAsync(body)).Status == HttpStatusCode.OK;
        _readReceipts += accepted ? 1 : 0;
        return accepted;
    }

    /// <summary>The user sends a text: kept by the device until the transport has it.</summary>
    public async Task UserSendsAsync(string text)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                await Device.SendAsync(Business.Number, text);
                _userSent.Add(text);
                return;
            }
            catch (Exception e) when (e is HttpRequestException or PhoneException && attempt < 5)
            {
                // No keys to be had: the user sees it and tries again.
                await RecoverAsync();
            }
        }
    }

    /// <summary>The device fetches, sends receipts of delivery, and empties its outbox, until all of that succeeds.</summary>
    public async Task ReceiveAsync()
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                while (await Device.Phone.ReceiveAsync(new ReceiveOptions { Wait = TimeSpan.Zero }, CancellationToken.None) is { Count: > 0 } events)
                {
                    _events.AddRange(events);
                }

                await Device.Phone.EmptyOutboxAsync(CancellationToken.None);
                return;
            }
            catch (HttpRequestException) when (attempt < 10)
            {
                await RecoverAsync();
            }
        }
    }

    /// <summary>Runs the queues dry and, once a fault has struck, lets all that waits for a clock come due.</summary>
    public async Task SettleAsync()
    {
        await DrainAsync();
        if (_plan.Struck.Count > 0 && !_isRecovered)
        {
            await RecoverAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _device?.Dispose();
        await Running.DisposeAsync();
        _sockets.Dispose();
    }

    private async Task RecoverAsync()
    {
        _isRecovered = true;
        if (_plan.IsAnyDead)
        {
            await RestartAsync();
        }

        await _plan.LandLateAsync();
        foreach (int seconds in (int[])[31, 31, 130, 71 * 60, 31])
        {
            await DrainAsync();
            await Device.Phone.EmptyOutboxAsync(CancellationToken.None);
            Time.Advance(TimeSpan.FromSeconds(seconds));
            await TimerAsync("TransportSweepPushes");
            await TimerAsync("ReplayParked");
        }

        await DrainAsync();
    }

    /// <summary>A timer that fails runs again next time.</summary>
    public async Task TimerAsync(string name)
    {
        try
        {
            await Running.Local.InvokeTimerAsync(name, CancellationToken.None);
        }
        catch (Exception e) when (e is SimulatedCrashException or StorageFaultException)
        {
            await DrainAsync();
        }
    }

    public async Task DrainAsync()
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                await Running.DrainAsync();
                return;
            }
            catch (Exception e) when (e is SimulatedCrashException or StorageFaultException && attempt < 20)
            {
                if (_plan.IsAnyDead)
                {
                    await RestartAsync();
                }
            }
        }
    }

    private void CheckFaults() =>
        Assert.All(Running.Faults, fault => Assert.True(fault.Fault is SimulatedCrashException or StorageFaultException, fault.Fault.ToString()));
}
