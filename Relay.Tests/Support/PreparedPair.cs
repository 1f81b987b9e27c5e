using Microsoft.Extensions.Time.Testing;
using Microsoft.Extensions.DependencyInjection;
using Relay.LocalHost;
using Relay.Phone.State;
using Relay.Shared.Accounts;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;
using Relay.Shared.Transport.PreKeys;
using Relay.Shared.Transport.Wire;

namespace Relay.Tests.Support;

/// <summary>
/// A provisioned business with a webhook and a registered device, as they lie in storage: tests copy it instead of making keys and
/// registrations anew each time.
/// </summary>
internal sealed class PreparedPair
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly Lazy<Task<PreparedPair>> LazyStrangers = new(() => MakeAsync((_, _) => Task.CompletedTask));
    private static readonly Lazy<Task<PreparedPair>> LazyAcquainted = new(() => MakeAsync(TalkAsync));

    private static readonly Lazy<Task<PreparedPair>> LazyUsedUp = new(() => MakeAsync(UseUpAsync));

    private static readonly Lazy<Task<PreparedPair>> LazyTwoSubscribers = new(() => MakeAsync(async (world, pair) =>
    {
        await TalkAsync(world, pair);
        await world.AddSubscriberAsync();
    }));

    private readonly Secret _admin = new("test-admin-token");
    private readonly Secret _registration = new("test-registration-key");
    private readonly Secret _operator = new("test-operator-key");
    private MemoryAccount _relay = new(TimeProvider.System);
    private MemoryAccount _transport = new(TimeProvider.System);
    private MemoryPhoneState _phone = new();
    private DateTimeOffset _now = Start;

    /// <summary>They have never talked.</summary>
    public static Task<PreparedPair> Strangers => LazyStrangers.Value;

    /// <summary>Each has a message of the other's; both sides' sessions are established.</summary>
    public static Task<PreparedPair> Acquainted => LazyAcquainted.Value;

    /// <summary>As <see cref="Acquainted"/>, and the business has a further subscriber.</summary>
    public static Task<PreparedPair> TwoSubscribers => LazyTwoSubscribers.Value;

    /// <summary>They have never talked, and the business's one-time keys are used up.</summary>
    public static Task<PreparedPair> UsedUp => LazyUsedUp.Value;

    public QuickKeys RelayKeys { get; } = new();

    public QuickKeys TransportKeys { get; } = new();

    public required string DeviceNumber { get; init; }

    /// <summary>Opens the business in a relay that runs on a copy.</summary>
    public Func<TestRelay, TestBusiness> Business { get; private set; } = _ => throw new InvalidOperationException("Not provisioned.");

    /// <summary>A message that the business got before, to be marked as read; none between strangers.</summary>
    public string? InboundMessage { get; private set; }

    public FakeTimeProvider Clock() => new(_now);

    public Task<MemoryAccount> RelayAsync(TimeProvider time) => _relay.CopyAsync(time);

    public Task<MemoryAccount> TransportAsync(TimeProvider time) => _transport.CopyAsync(time);

    public async Task<MemoryPhoneState> PhoneAsync()
    {
        MemoryPhoneState copy = new();
        if (await _phone.LoadAsync(CancellationToken.None) is { } saved)
        {
            await copy.SaveAsync(saved, CancellationToken.None);
        }

        return copy;
    }

    public LocalRelayOptions Options(TimeProvider time, ITableStore relayTables, IQueueStore relayQueues, ITableStore transportTables, IQueueStore transportQueues)
    {
        RelayStorage relay = new(relayTables, relayQueues, new MemoryBlobStore());
        TransportStorage transport = new(transportTables, transportQueues, new MemoryBlobStore());
        return new LocalRelayOptions
        {
            Time = time,
            AdminToken = _admin,
            RegistrationKey = _registration,
            OperatorKey = _operator,
            RelayStorage = relay,
            TransportStorage = transport,
        };
    }

    private static async Task<PreparedPair> MakeAsync(Func<PairWorld, PreparedPair, Task> before)
    {
        PreparedPair pair = new() { DeviceNumber = TestRelay.RandomNumber() };
        PairWorld world = await PairWorld.ProvisionAsync(pair);
        await using (world)
        {
            pair.Business = world.Business.At;
            await before(world, pair);

            // Provisioning is audited too; tests count from what they do themselves.
            foreach (string chain in new[] { world.Business.Id, OperatorTenant.Id.Value })
            {
                await world.Relay.Tables.DeleteAsync(TableNames.Audit, TableRange.Partition(chain, int.MaxValue), CancellationToken.None);
            }

            pair._relay = world.Relay;
            pair._transport = world.Transport;
            pair._phone = world.PhoneState;
            pair._now = world.Time.GetUtcNow();
        }

        return pair;
    }

    private static async Task UseUpAsync(PairWorld world, PreparedPair pair)
    {
        TakeBundle take = world.Running.Local.Services.GetRequiredService<TakeBundle>();
        for (int i = 0; i < 60; i++)
        {
            await take.ExecuteAsync(new DirectoryRequest(world.Business.Number), CancellationToken.None);
        }
    }

    private static async Task TalkAsync(PairWorld world, PreparedPair pair)
    {
        await world.SendAsync("Welcome");
        await world.SettleAsync();
        await world.ReceiveAsync();
        await world.UserSendsAsync("Hello");
        await world.SettleAsync();
        await world.CheckAsync();
        pair.InboundMessage = world.Webhook.Told().Single(told => told.StartsWith("message:", StringComparison.Ordinal))["message:".Length..];
        world.Time.Advance(TimeSpan.FromMinutes(1));
    }
}
