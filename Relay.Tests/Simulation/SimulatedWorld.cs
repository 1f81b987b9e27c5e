using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Relay.LocalHost;
using Relay.Phone.State;
using Relay.Shared.Hosting;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;
using Relay.Shared.Transport.Pushes;
using Relay.Shared.Webhooks;
using Relay.Tests.Simulation.Mutants;
using Relay.Tests.Support;

namespace Relay.Tests.Simulation;

/// <summary>
/// Workers on two shared storage accounts, devices, a business and its endpoint: all that a seed moves. Processes are started here;
/// <see cref="Simulation"/> moves them and <see cref="SimulatedLedger"/> judges.
/// </summary>
[SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "Handlers live as long as the world, which has nothing to release.")]
internal sealed class SimulatedWorld
{
    private const int MostSkewInSeconds = 145;

    private static readonly Uri Address = new("http://relay.simulated");

    private readonly PreparedParties _parties;
    private readonly MemoryAccount _relay;
    private readonly MemoryAccount _transport;
    private readonly Mutant _mutant;
    private readonly HttpMessageInvoker _endpoint;

    private SimulatedWorld(PreparedParties parties, MemoryAccount relay, MemoryAccount transport, SimulatedSchedule schedule, Mutant mutant, bool relayForgets)
    {
        (_parties, _relay, _transport, Schedule, _mutant) = (parties, relay, transport, schedule, mutant);
        _endpoint = new HttpMessageInvoker(Webhook);
        Ledger = new SimulatedLedger(relay, transport, Webhook, relayForgets);
    }

    public SimulatedSchedule Schedule { get; }

    public SimulatedLedger Ledger { get; }

    public WebhookStub Webhook { get; } = new();

    public WorkerGroup RelayWorkers { get; private set; } = null!;

    public WorkerGroup TransportWorkers { get; private set; } = null!;

    public List<SimulatedDevice> Devices { get; } = [];

    public SimulatedBusiness Business { get; private set; } = null!;

    /// <summary>Builds it on copies of what was prepared. Everything of it is in memory and completes at once.</summary>
    public static async Task<SimulatedWorld> CreateAsync(PreparedParties parties, SimulationScenario scenario, SeededRandom random, Mutant mutant)
    {
        FakeTimeProvider time = new(parties.Now + scenario.StartsAfter);
        SimulatedSchedule schedule = new(random, time);
        SimulatedWorld world = new(parties, await parties.RelayAsync(time), await parties.TransportAsync(time), schedule, mutant, scenario.RelayForgets);
        await world._relay.Tables.EnsureTablesAsync(TableNames.OfRelay, CancellationToken.None);
        await world._transport.Tables.EnsureTablesAsync(TableNames.OfTransport, CancellationToken.None);
        await world._relay.Queues.EnsureQueuesAsync(QueueNames.OfRelay, CancellationToken.None);
        await world._transport.Queues.EnsureQueuesAsync(QueueNames.OfTransport, CancellationToken.None);
        world.RelayWorkers = new WorkerGroup("relay", nameof(RelayStorage), world._relay.Queues, scenario.RelayWorkers, schedule, world.Start);
        world.TransportWorkers = new WorkerGroup("transport", nameof(TransportStorage), world._transport.Queues, scenario.TransportWorkers, schedule, world.Start);
        schedule.OnDeath = process =>
        {
            world.RelayWorkers.Forget(process);
            world.TransportWorkers.Forget(process);
        };
        schedule.OnStrayFault = fault => world.Ledger.Fault("a step", fault);
        for (int i = 0; i < scenario.Devices; i++)
        {
            (string number, MemoryPhoneState state) = await parties.PhoneAsync(i);
            world.Devices.Add(new SimulatedDevice(
                number, state, world.Http(new SimulatedProcess($"device-{i}", mayDie: false), "http:transport", world.TransportWorkers), Address, TestDevice.Of(parties.BusinessNumber), time));
        }

        world.Business = new SimulatedBusiness(
            world.Http(new SimulatedProcess("business", mayDie: false), "http:relay", world.RelayWorkers), Address, parties.PhoneNumberId, parties.AccessToken, scenario.UsesKeys);
        return world;
    }

    private HttpClient Http(SimulatedProcess process, string name, WorkerGroup to) =>
        new(new SimulatedHttp(name, process, Schedule, to.ServeAsync, Ledger.Look)) { Timeout = Timeout.InfiniteTimeSpan };

    private SimulatedWorker Start(SimulatedProcess process, TimeSpan skew)
    {
        SkewedClock time = new(Schedule.Time, skew);
        ITableStore tables = _mutant.Around(new SimulatedTables(_relay.Tables, process, Schedule, Ledger.Committed));
        ITableStore transportTables = new SimulatedTables(_transport.Tables, process, Schedule, (_, _) => { });
        RelayStorage relay = new(tables, new SimulatedQueues(_relay.Queues, process, Schedule), _relay.Blobs);
        TransportStorage transport = new(transportTables, new SimulatedQueues(_transport.Queues, process, Schedule), _transport.Blobs);
        ServiceCollection services = new();
        services.AddLogging();
        services.AddOptions();
        services.AddSingleton<TimeProvider>(time);
        LocalRelayOptions options = new()
        {
            Time = time,
            RelayStorage = relay,
            TransportStorage = transport,
            RegistrationKey = _parties.RegistrationKey,
            OperatorKey = _parties.OperatorKey,
            OutgoingHttp = new OutgoingHttp(
                new HttpClient(new SimulatedHttp("http:transport", process, Schedule, TransportWorkers.ServeAsync, Ledger.Look) { After = _mutant.AfterAsync }) { Timeout = Timeout.InfiniteTimeSpan },
                new HttpMessageInvoker(new SimulatedHttp(
                    "http:business", process, Schedule, request => _endpoint.SendAsync(request.ToMessage(), CancellationToken.None), _ => { }) { After = _mutant.AfterAsync })),
            Customize = more =>
            {
                _parties.AddKeys(more, tables, transportTables, time, vault => new SimulatedVault(vault, process, Schedule));
                more.AddSingleton(new RetryJitter(percent: 0));
                more.AddSingleton(new PushChannel(
                    new HttpMessageInvoker(new SimulatedHttp("http:push", process, Schedule, RelayWorkers.ServeAsync, _ => { })), time));
            },
        };
        LocalRelay.Compose(services, options, relay, transport, new ManagerStorage(new MemoryTableStore()), Address);
        return new SimulatedWorker(process, services.BuildServiceProvider(), Schedule, Ledger.Fault);
    }

    /// <summary>All that lies in the relay's account, as lines.</summary>
    public IReadOnlyList<string> Stored() => _relay.Dump();

    /// <summary>The relay's session rows are gone, as after a partial restore.</summary>
    public async Task LoseSessionsAsync()
    {
        foreach (TableRow row in _relay.Rows(TableNames.Conversations).Where(row => row.RowKey == "S").ToList())
        {
            await _relay.Tables.CommitAsync(TableNames.Conversations, row.PartitionKey, [TableWrite.Delete(row.RowKey, null)], CancellationToken.None);
        }
    }

    /// <summary>Chosen so that two clocks differ by less than a push may be old.</summary>
    public static TimeSpan Skew(SeededRandom random) => TimeSpan.FromSeconds(random.Below((2 * MostSkewInSeconds) + 1) - MostSkewInSeconds);
}
