using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.Fuzz.Judging;
using Relay.Load.Parties;
using Relay.LocalHost;
using Relay.Shared.Hosting;
using Relay.Shared.Limits;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Pushes;
using Relay.Shared.Transport.Registrations;

namespace Relay.Fuzz.Scene;

/// <summary>One Relay with all its roles on an account each; nothing leaves the process but over loopback to itself, and every call between its roles is recorded.</summary>
[SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "Handlers live as long as the stage.")]
internal sealed class FuzzStage : IAsyncDisposable
{
    private const string Region = "local";

    private LocalRelay? _host;

    private FuzzStage(StageKeys keys, FastClock clock, WriteLog log, StoredAccount relay, StoredAccount transport)
    {
        (Keys, Clock, Log, Relay, Transport) = (keys, clock, log, relay, transport);
        Http = new HttpClient(new Recorder(new SocketsHttpHandler { UseProxy = false }, Recorded));
    }

    public StageKeys Keys { get; }

    public FastClock Clock { get; }

    public WriteLog Log { get; }

    public StoredAccount Relay { get; }

    public StoredAccount Transport { get; }

    public CodeBox Codes { get; } = new();

    /// <summary>A client whose calls are recorded too.</summary>
    public HttpClient Http { get; }

    public ConcurrentQueue<RecordedRequest> Recorded { get; } = new();

    /// <summary>What was logged.</summary>
    public LastWords Words { get; } = new();

    /// <summary>What functions threw.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    public LocalRelay Host => _host ?? throw new InvalidOperationException("Not started.");

    public static Task<FuzzStage> StartAsync(StageKeys keys, FastClock clock, CancellationToken cancellationToken)
    {
        WriteLog log = new();
        return StartAsync(new FuzzStage(keys, clock, log, new StoredAccount(clock, log), new StoredAccount(clock, log)), cancellationToken);
    }

    /// <summary>Another Relay on a copy of what this one has stored.</summary>
    public async Task<FuzzStage> AgainAsync(CancellationToken cancellationToken)
    {
        WriteLog log = new();
        StoredAccount relay = await Relay.CopyAsync(Clock, log, cancellationToken);
        StoredAccount transport = await Transport.CopyAsync(Clock, log, cancellationToken);
        return await StartAsync(new FuzzStage(Keys.Copy(), Clock, log, relay, transport), cancellationToken);
    }

    /// <summary>Everything that was written since it was last asked.</summary>
    public IReadOnlyList<string> TakeWrites()
    {
        Relay.Blobs.Settle();
        Transport.Blobs.Settle();
        return Log.Take();
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        Http.Dispose();
    }

    private static async Task<FuzzStage> StartAsync(FuzzStage stage, CancellationToken cancellationToken)
    {
        ToRelay toTransport = new(new Recorder(new SocketsHttpHandler { UseProxy = false }, stage.Recorded));
        ToRelay push = new(new Recorder(new SocketsHttpHandler { UseProxy = false }, stage.Recorded));
        RelayStorage relay = new(stage.Relay.Tables, stage.Relay.Queues, stage.Relay.Blobs);
        TransportStorage transport = new(stage.Transport.Tables, stage.Transport.Queues, stage.Transport.Blobs);
        stage._host = await LocalRelay.StartAsync(
            new LocalRelayOptions
            {
                Time = stage.Clock,
                RelayStorage = relay,
                TransportStorage = transport,
                AdminToken = stage.Keys.AdminToken,
                RegistrationKey = stage.Keys.RegistrationKey,
                OperatorKey = stage.Keys.OperatorKey,
                RunPumps = false,
                Limits = RelayLimits.Lifted,
                FirstTier = MessagingTier.Unlimited,
                DeviceLimits = DeviceLimits.Lifted,
                ConfigureLogging = logging => logging.AddProvider(stage.Words),
                OnFault = (function, fault) => stage.Faults.Enqueue($"{function}: {fault}"),
                OutgoingHttp = new OutgoingHttp(new HttpClient(toTransport), new HttpMessageInvoker(new Endpoint())),
                Customize = services => services
                    .AddSingleton(RelayAccounts.OpenKeys(relay, stage.Keys.Relay, stage.Clock, Region))
                    .AddSingleton(RelayAccounts.OpenKeys(transport, stage.Keys.Transport, stage.Clock, Region))
                    .AddSingleton<IVerificationCodeSender>(stage.Codes)
                    .AddSingleton(new PushChannel(new HttpMessageInvoker(push), stage.Clock)),
            },
            cancellationToken);
        toTransport.Address = push.Address = stage.Host.BaseAddress;
        return stage;
    }
}

/// <summary>The secrets of the operator, the same for every Relay of a run.</summary>
internal sealed class StageKeys
{
    public QuickKeys Relay { get; private init; } = new();

    public QuickKeys Transport { get; private init; } = new();

    public Secret AdminToken { get; } = new("fuzz-admin-token");

    public Secret RegistrationKey { get; } = new("fuzz-registration-key");

    public Secret OperatorKey { get; } = new("fuzz-operator-key");

    /// <summary>What is destroyed in one is not destroyed in the other.</summary>
    public StageKeys Copy() => new() { Relay = Relay.Copy(), Transport = Transport.Copy() };
}
