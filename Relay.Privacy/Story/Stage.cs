using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.Load.Parties;
using Relay.LocalHost;
using Relay.Privacy.Watching;
using Relay.Shared.Azure;
using Relay.Shared.Hosting;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;
using Relay.Shared.Transport.Registrations;

namespace Relay.Privacy.Story;

/// <summary>
/// All of Relay over HTTP on two accounts in memory and a moved clock, an endpoint of a business, and everything that is written or logged on the way to
/// whoever watches. Queues move in <see cref="SettleAsync"/>, timers in <see cref="RunTimersAsync"/>.
/// </summary>
internal sealed class Stage : IAsyncDisposable
{
    public const string RelayName = "relay";
    public const string TransportName = "transport";

    /// <summary>The local host's.</summary>
    public const string Region = "local";

    private const int MostRounds = 20;

    private static readonly string[] s_timers = [.. FunctionCatalog.Scan(Assembly.Load("Relay.Functions").GetTypes()).Timers.Select(timer => timer.Name)];

    private readonly CodeBox _codes = new();
    private readonly List<HistoryUser> _users = [];
    private LocalRelay? _host;
    private WebhookSink? _endpoint;

    private Stage(Interference interference, DateTimeOffset start)
    {
        Clock = new ShiftedClock(start);
        Ages = new LookupAges(Clock);
        Bytes = new EveryByte(Secrets, Seen);
        Relay = new Account(RelayName, Clock, interference.Vault(new LocalKeyWrapper(LocalKeyFile.InMemory())));
        Transport = new Account(TransportName, Clock, interference.Vault(new LocalKeyWrapper(LocalKeyFile.InMemory())));
    }

    public ShiftedClock Clock { get; }

    public Account Relay { get; }

    public Account Transport { get; }

    public Secrets Secrets { get; } = new();

    public Sightings Seen { get; } = new();

    public LookupAges Ages { get; }

    public EveryByte Bytes { get; }

    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false });

    /// <summary>What the endpoint was told.</summary>
    public ConcurrentQueue<WebhookCall> Told { get; } = new();

    /// <summary>While it is down it answers with 500.</summary>
    public bool IsEndpointDown { get; set; }

    public Uri Callback => _endpoint?.Callback ?? throw new InvalidOperationException("Not started.");

    public LocalRelay Host => _host ?? throw new InvalidOperationException("Not started.");

    public static async Task<Stage> StartAsync(Interference interference, DateTimeOffset start, CancellationToken cancellationToken)
    {
        Stage stage = new(interference, start);
        stage._endpoint = await WebhookSink.StartAsync(stage.Take, cancellationToken);
        RelayStorage relay = new(
            new WatchedTables(interference.RelayTables(stage.Relay.Tables), RelayName, stage.Seen, stage.Ages),
            new WatchedQueues(stage.Relay.Queues, RelayName, stage.Seen), new MemoryBlobStore());
        TransportStorage transport = new(
            new WatchedTables(interference.TransportTables(stage.Transport.Tables), TransportName, stage.Seen, new LookupAges(stage.Clock)),
            new WatchedQueues(stage.Transport.Queues, TransportName, stage.Seen), new MemoryBlobStore());
        stage._host = await LocalRelay.StartAsync(
            new LocalRelayOptions
            {
                Time = stage.Clock,
                RelayStorage = relay,
                TransportStorage = transport,
                RunPumps = false,
                ConfigureLogging = logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new WatchedLog(stage.Seen)),
                Customize = services =>
                {
                    services.AddSingleton<IVerificationCodeSender>(stage._codes);
                    services.AddSingleton(RelayAccounts.OpenKeys(relay, stage.Relay.Vault, stage.Clock, Region));
                    services.AddSingleton(RelayAccounts.OpenKeys(transport, stage.Transport.Vault, stage.Clock, Region));
                    interference.Services(services);
                },
            },
            cancellationToken);
        stage.Secrets.Add(stage.Host.Options.AdminToken.Reveal());
        stage.Secrets.Add(stage.Host.Options.RegistrationKey.Reveal());
        stage.Secrets.Add(stage.Host.Options.OperatorKey.Reveal());
        stage.Secrets.Add(stage.Callback.AbsoluteUri);
        return stage;
    }

    public IReadOnlyList<AccountCopy> Copy() => [Relay.Copy(), Transport.Copy()];

    /// <summary>A registered device; one that never listens fetches nothing.</summary>
    public async Task<HistoryUser> UserAsync(string name, bool listens, CancellationToken cancellationToken)
    {
        PhoneNumber number = Numbers.Next();
        Secrets.Add(number.E164);
        HistoryUser user = await HistoryUser.RegisterAsync(this, name, number, _codes.TakeAsync, cancellationToken);
        if (listens)
        {
            _users.Add(user);
        }

        return user;
    }

    /// <summary>Lets everything happen that can happen now.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        int events = 1;
        for (int round = 0; events > 0 && round < MostRounds; round++)
        {
            await Host.DrainAsync(cancellationToken);
            events = 0;
            foreach (HistoryUser user in _users)
            {
                events += await user.ReceiveAsync(cancellationToken);
            }
        }

        await Host.DrainAsync(cancellationToken);
    }

    /// <summary>Every timer that there is.</summary>
    public async Task RunTimersAsync(CancellationToken cancellationToken)
    {
        foreach (string timer in s_timers)
        {
            await Host.InvokeTimerAsync(timer, cancellationToken);
        }

        await SettleAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        foreach (HistoryUser user in _users)
        {
            user.Dispose();
        }

        Http.Dispose();
        if (_endpoint is not null)
        {
            await _endpoint.DisposeAsync();
        }
    }

    private void Take(WebhookCall call)
    {
        if (IsEndpointDown)
        {
            throw new IOException("The endpoint is down.");
        }

        Told.Enqueue(call);
    }
}
