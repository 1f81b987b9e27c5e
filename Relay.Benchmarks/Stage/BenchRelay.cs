using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Relay.Benchmarks.Bare;
using Relay.Load.Parties;
using Relay.LocalHost;
using Relay.LocalHost.Split;
using Relay.Phone.Events;
using Relay.Shared.Hosting;
using Relay.Shared.Limits;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;
using Relay.Shared.Transport.Client;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Registrations;

namespace Relay.Benchmarks.Stage;

/// <summary>All of Relay in this process over HTTP, beside an empty endpoint in the same kind of host, with what it takes to load them.</summary>
internal sealed class BenchRelay : IAsyncDisposable
{
    private readonly LocalRelay _relay;
    private readonly LocalFunctionHost _empty;
    private readonly BenchAccounts? _accounts;
    private readonly CodeBox _codes;
    private readonly ConcurrentQueue<string> _faults;
    private readonly List<LoadDevice> _devices = [];
    private WebhookSink? _webhook;

    private BenchRelay(LocalRelay relay, LocalFunctionHost empty, BenchAccounts? accounts, CodeBox codes, ConcurrentQueue<string> faults)
    {
        (_relay, _empty, _accounts, _codes, _faults) = (relay, empty, accounts, codes, faults);
        EmptyAddress = new Uri(empty.BaseAddress, "empty/123456789012345/messages");
    }

    public LoadHttp Http { get; } = new();

    /// <summary>For what is measured without HTTP in between.</summary>
    public IServiceProvider Services => _relay.Services;

    public Uri Address => _relay.BaseAddress;

    /// <summary>Texts that a device has decrypted.</summary>
    public Arrivals AtDevices { get; } = new();

    /// <summary>Texts that the business was told.</summary>
    public Arrivals AtBusiness { get; } = new();

    public Uri EmptyAddress { get; }

    /// <param name="accounts">Null: memory.</param>
    /// <param name="runPumps">False: queues move only in <see cref="DrainAsync"/>.</param>
    /// <param name="recorder">Remembers the storage calls, if there is one.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static Task<BenchRelay> StartAsync(BenchAccounts? accounts, bool runPumps, CallRecorder? recorder, CancellationToken cancellationToken)
    {
        RelayStorage storage = accounts?.Relay ?? new RelayStorage(new MemoryTableStore(), new MemoryQueueStore(TimeProvider.System), new MemoryBlobStore());
        TransportStorage transport = accounts?.Transport ?? new TransportStorage(new MemoryTableStore(), new MemoryQueueStore(TimeProvider.System), new MemoryBlobStore());
        LocalRelayOptions options = new()
        {
            RunPumps = runPumps,
            RelayStorage = recorder?.Around(storage) ?? storage,
            TransportStorage = recorder?.Around(transport) ?? transport,
        };
        return StartAsync(
            accounts is null
                ? options
                : options with
                {
                    RelayKeys = accounts.RelayKeys,
                    TransportKeys = accounts.TransportKeys,
                },
            accounts,
            _ => { },
            cancellationToken);
    }

    /// <summary>In memory, with a key vault that counts and a clock of its own; queues move only in <see cref="DrainAsync"/>.</summary>
    public static Task<BenchRelay> StartAsync(CountedKeys keys, CancellationToken cancellationToken)
    {
        RelayStorage storage = new(new MemoryTableStore(), new MemoryQueueStore(keys.Time), new MemoryBlobStore());
        LocalRelayOptions options = new()
        {
            RunPumps = false,
            Time = keys.Time,
            RelayStorage = storage,
            TransportStorage = new TransportStorage(new MemoryTableStore(), new MemoryQueueStore(keys.Time), new MemoryBlobStore()),
        };
        return StartAsync(
            options, null, services => services.AddSingleton(RelayAccounts.OpenKeys(storage, keys, keys.Time, BenchKeys.Region)), cancellationToken);
    }

    private static async Task<BenchRelay> StartAsync(
        LocalRelayOptions options, BenchAccounts? accounts, Action<IServiceCollection> customize, CancellationToken cancellationToken)
    {
        CodeBox codes = new();
        ConcurrentQueue<string> faults = new();
        LocalRelay relay = await LocalRelay.StartAsync(
            options with
            {
                Limits = RelayLimits.Lifted,
                FirstTier = MessagingTier.Unlimited,
                DeviceLimits = DeviceLimits.Lifted,
                OnFault = (function, fault) => faults.Enqueue($"{function}: {fault.GetType().Name}"),
                Customize = services =>
                {
                    services.AddSingleton<IVerificationCodeSender>(codes);
                    customize(services);
                },
            },
            cancellationToken);
        LocalFunctionHost empty = await LocalFunctionHost.StartAsync(
            new LocalFunctionHostOptions
            {
                FunctionAssemblies = [typeof(EmptyFunctions).Assembly],
                ConfigureServices = services => services.AddSingleton<EmptyFunctions>(),
            },
            cancellationToken);
        return new BenchRelay(relay, empty, accounts, codes, faults);
    }

    /// <param name="withWebhook">Whether it is told anything.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<LoadBusiness> BusinessAsync(bool withWebhook, CancellationToken cancellationToken)
    {
        _webhook = withWebhook ? await WebhookSink.StartAsync(Tell, cancellationToken) : null;
        return await LoadBusiness.CreateAsync(Http, RoleAddresses.Of(_relay.BaseAddress), _relay.Options.AdminToken.Reveal(), _webhook?.Callback, cancellationToken);
    }

    public async Task<LoadDevice> DeviceAsync(CancellationToken cancellationToken)
    {
        LoadDevice device = await LoadDevice.RegisterAsync(
            new TransportClient(Http.Client, _relay.BaseAddress), Numbers.Next(), _codes.TakeAsync, Receive, cancellationToken);
        _devices.Add(device);
        return device;
    }

    public Task DrainAsync(CancellationToken cancellationToken) => _relay.DrainAsync(cancellationToken);

    /// <summary>Runs the queues, and lets the device receive, until nothing is left to do for a message.</summary>
    public async Task SettleAsync(LoadDevice device, CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken);
        await device.ReceiveAsync(TimeSpan.Zero, cancellationToken);
        await DrainAsync(cancellationToken);
    }

    /// <summary>Throws away what is queued.</summary>
    public async Task ClearQueuesAsync(CancellationToken cancellationToken)
    {
        if (_accounts is not null)
        {
            await _accounts.ClearQueuesAsync(cancellationToken);
            return;
        }

        IQueueStore queues = _relay.Services.GetRequiredService<RelayStorage>().Queues;
        while (await queues.ReceiveAsync(QueueNames.Outbound, QueueLimits.MaxReceive, TimeSpan.FromMinutes(1), cancellationToken) is { Count: > 0 } items)
        {
            foreach (QueueItem item in items)
            {
                await queues.DeleteAsync(QueueNames.Outbound, item, cancellationToken);
            }
        }
    }

    /// <summary>Numbers of a run in which functions failed are no numbers.</summary>
    /// <exception cref="InvalidOperationException">Some did.</exception>
    public void ThrowIfAnyFailed()
    {
        if (!_faults.IsEmpty)
        {
            throw new InvalidOperationException($"{_faults.Count} functions failed during a measurement, the first of them {_faults.First()}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (LoadDevice device in _devices)
        {
            await device.DisposeAsync();
        }

        await _relay.DisposeAsync();
        await _empty.DisposeAsync();
        if (_webhook is not null)
        {
            await _webhook.DisposeAsync();
        }

        Http.Dispose();
    }

    private void Receive(PhoneEvent happened) => AtDevices.Note((happened as MessageReceived)?.Text);

    private void Tell(WebhookCall call)
    {
        foreach (WebhookFact fact in WebhookFact.Read(call.Body))
        {
            AtBusiness.Note(fact.Text);
        }
    }
}
