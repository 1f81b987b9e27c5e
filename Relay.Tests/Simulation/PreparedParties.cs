using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Relay.LocalHost;
using Relay.Phone.State;
using Relay.Shared.Hosting;
using Relay.Shared.Primitives;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;
using Relay.Tests.Support;

namespace Relay.Tests.Simulation;

/// <summary>A business with a webhook and twenty registered devices, as they lie in storage: made once, then copied for each seed.</summary>
internal sealed class PreparedParties
{
    public const int Devices = 20;

    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly Lazy<Task<PreparedParties>> LazyParties = new(MakeAsync);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly MemoryAccount _relay;
    private readonly MemoryAccount _transport;
    private readonly List<(string Number, MemoryPhoneState State)> _phones = [];

    private PreparedParties()
    {
        _relay = new MemoryAccount(_time);
        _transport = new MemoryAccount(_time);
    }

    public static Task<PreparedParties> Shared => LazyParties.Value;

    private QuickKeys RelayKeys { get; } = new();

    private QuickKeys TransportKeys { get; } = new();

    public string BusinessNumber { get; private set; } = "";

    public string PhoneNumberId { get; private set; } = "";

    public string AccessToken { get; private set; } = "";

    public Secret RegistrationKey { get; } = new("simulated-registration-key");

    public Secret OperatorKey { get; } = new("simulated-operator-key");

    public DateTimeOffset Now => _time.GetUtcNow();

    public Task<MemoryAccount> RelayAsync(TimeProvider time) => _relay.CopyAsync(time);

    public Task<MemoryAccount> TransportAsync(TimeProvider time) => _transport.CopyAsync(time);

    public async Task<(string Number, MemoryPhoneState State)> PhoneAsync(int index)
    {
        MemoryPhoneState copy = new();
        using SecretBytes? saved = await _phones[index].State.LoadAsync(CancellationToken.None);
        await copy.SaveAsync(saved ?? throw new InvalidOperationException("Not registered."), CancellationToken.None);
        return (_phones[index].Number, copy);
    }

    private static async Task<PreparedParties> MakeAsync()
    {
        PreparedParties parties = new();
        using WebhookStub webhook = new();
        using HttpClient transport = new();
        using HttpMessageInvoker webhooks = new(webhook);
        LocalRelayOptions options = new()
        {
            Time = parties._time,
            RegistrationKey = parties.RegistrationKey,
            OperatorKey = parties.OperatorKey,
            RelayStorage = new RelayStorage(parties._relay.Tables, parties._relay.Queues, parties._relay.Blobs),
            TransportStorage = new TransportStorage(parties._transport.Tables, parties._transport.Queues, parties._transport.Blobs),
            OutgoingHttp = new OutgoingHttp(transport, webhooks),
            Customize = services => parties.AddKeys(services, parties._relay.Tables, parties._transport.Tables, parties._time, keys => keys),
        };
        await using TestRelay running = await TestRelay.StartAsync(options);
        TestBusiness business = await running.BusinessAsync(null);
        await running.AdminAsync(
            HttpMethod.Put, $"businesses/{business.Id}/webhook", new { callback_url = WebhookStub.Callback.AbsoluteUri, verify_token = "verify" });
        (parties.BusinessNumber, parties.PhoneNumberId, parties.AccessToken) = (business.Number, business.PhoneNumberId, business.AccessToken);
        for (int i = 0; i < Devices; i++)
        {
            MemoryPhoneState state = new();
            using TestDevice device = await running.DeviceAsync(null, state);
            parties._phones.Add((device.Number, state));
        }

        return parties;
    }

    /// <summary>Keys that are read through these tables, with caches of their own.</summary>
    public void AddKeys(IServiceCollection services, ITableStore relay, ITableStore transport, TimeProvider time, Func<IKeyWrapper, IKeyWrapper> vault)
    {
        KeyRing ring = new(relay, vault(RelayKeys), time);
        services.AddSingleton(new RelayKeys(ring, new Sealer(ring, "local")));
        KeyRing other = new(transport, vault(TransportKeys), time);
        services.AddSingleton(new TransportKeys(other, new Sealer(other, "local")));
    }
}
