using System.Globalization;
using Relay.LocalHost;
using Relay.Shared.Hosting;
using Relay.Shared.Limits;
using Relay.Shared.Storage;
using Relay.Shared.Webhooks;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

public sealed class HotConversationInMemoryTests : HotConversationTests
{
    private protected override Task<RelayStorage> AccountAsync(TimeProvider time)
    {
        MemoryAccount account = new(time);
        return Task.FromResult(new RelayStorage(account.Tables, account.Queues, account.Blobs));
    }

    private protected override Task<TestRelay> StartAsync(LocalRelayOptions options) => TestRelay.StartAsync(options);
}

[Collection(nameof(AzuriteCollection))]
public sealed class HotConversationOnAzuriteTests : HotConversationTests
{
    private protected override Task<RelayStorage> AccountAsync(TimeProvider time) => TestRelay.AzuriteAccountAsync();

    private protected override Task<TestRelay> StartAsync(LocalRelayOptions options) => TestRelay.OnAzuriteAsync(options);
}

/// <summary>Everything that two parties can say in six seconds, at once, both ways (spec/reliability.md §1.3, R7).</summary>
public abstract class HotConversationTests
{
    /// <summary>What the Cloud API lets a business send to one user at once.</summary>
    private const int Burst = 45;

    private const int MaxRounds = 60;

    private protected abstract Task<RelayStorage> AccountAsync(TimeProvider time);

    private protected abstract Task<TestRelay> StartAsync(LocalRelayOptions options);

    [Fact]
    public async Task A_burst_of_the_business_costs_few_session_commits_and_stays_in_order()
    {
        await using Stage stage = await Stage.OpenAsync(this, workers: 1);
        foreach (string text in Texts("business"))
        {
            await stage.Business.SendTextAsync(stage.Device.Number, text);
        }

        await stage.Workers[0].DrainAsync();

        Assert.InRange(stage.Log.SessionCommits, 1, Burst / 5);
        Assert.Equal(Texts("business"), (await stage.Device.ReceiveAsync()).Select(message => message.Text));
        Assert.Equal(Burst, stage.Receiver.Told().Count(told => told.StartsWith("sent:", StringComparison.Ordinal)));
        stage.CheckKeys();
    }

    [Fact]
    public async Task A_burst_of_the_user_costs_few_session_commits_and_stays_in_order()
    {
        await using Stage stage = await Stage.OpenAsync(this, workers: 1);
        foreach (string text in Texts("user"))
        {
            await stage.Device.SendAsync(stage.Business.Number, text);
        }

        await stage.Workers[0].DrainAsync();

        Assert.InRange(stage.Log.SessionCommits, 1, Burst / 2);
        Assert.Equal(Texts("user"), stage.MessagesTold());
        stage.CheckKeys();
    }

    [Fact]
    public async Task Bursts_both_ways_at_once_over_two_workers_lose_nothing_and_few_races()
    {
        await using Stage stage = await Stage.OpenAsync(this, workers: 2);
        Task sending = Task.WhenAll(
            Task.WhenAll(Texts("business").Select(text => stage.Business.SendTextAsync(stage.Device.Number, text))), UserSendsAsync(stage));
        List<string?> shown = [];
        for (int round = 0; round < MaxRounds && !(sending.IsCompleted && stage.Receiver.Told().Distinct().Count() >= Burst * 3); round++)
        {
            await Task.WhenAll(stage.Workers.Select(worker => worker.DrainAsync()));
            shown.AddRange((await stage.Device.ReceiveAsync()).Select(message => message.Text));
        }

        await sending;
        Assert.Equal(Texts("business"), shown.Order(StringComparer.Ordinal));
        Assert.Equal(Texts("user"), stage.MessagesTold().Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(Burst, stage.Receiver.Told().Distinct().Count(told => told.StartsWith("delivered:", StringComparison.Ordinal)));
        IReadOnlyList<int> lost = stage.Log.LostRaces();
        Assert.InRange(lost[(int)(lost.Count * 0.99)], 0, 5);
        stage.CheckKeys();
    }

    private static async Task UserSendsAsync(Stage stage)
    {
        foreach (string text in Texts("user"))
        {
            await stage.Device.SendAsync(stage.Business.Number, text);
        }
    }

    private static IEnumerable<string> Texts(string from) =>
        Enumerable.Range(0, Burst).Select(i => $"{from} {i.ToString("D2", CultureInfo.InvariantCulture)}");

    /// <summary>A business and a device that have talked before, with everything watched that leaves the relay.</summary>
    private sealed class Stage : IAsyncDisposable
    {
        private readonly RatchetOracle _oracle = new(OutgoingHttp.CreateTransportHandler());
        private readonly OutgoingHttp _outgoing;

        private Stage() => _outgoing = new OutgoingHttp(
            new HttpClient(_oracle), new HttpMessageInvoker(WebhookClient.CreateHandler(new PublicConnect(allowLoopback: true))));

        public required CommitLog Log { get; init; }

        public List<TestRelay> Workers { get; } = [];

        public required WebhookReceiver Receiver { get; init; }

        public TestBusiness Business { get; private set; } = null!;

        public TestDevice Device { get; private set; } = null!;

        public static async Task<Stage> OpenAsync(HotConversationTests tier, int workers)
        {
            LocalRelayOptions options = new() { Limits = RelayLimits.Lifted };
            RelayStorage account = await tier.AccountAsync(options.Time);
            MemoryAccount transport = new(options.Time);
            Stage stage = new() { Log = new CommitLog(account.Tables), Receiver = await WebhookReceiver.StartAsync() };
            options = options with
            {
                OutgoingHttp = stage._outgoing,
                RelayStorage = new RelayStorage(stage.Log, account.Queues, account.Blobs),
                TransportStorage = new TransportStorage(transport.Tables, transport.Queues, transport.Blobs),
            };
            for (int i = 0; i < workers; i++)
            {
                stage.Workers.Add(await tier.StartAsync(options));
            }

            stage.Business = await stage.Workers[0].BusinessAsync(stage.Receiver);
            stage.Device = await stage.Workers[0].DeviceAsync();
            await stage.TalkAsync();
            return stage;
        }

        public IEnumerable<string> MessagesTold() => Receiver.Deliveries
            .Where(delivery => delivery.IsMessage).Select(delivery => TestRelay.Text(delivery.Message.GetProperty("text"), "body"));

        public void CheckKeys()
        {
            Assert.Empty(_oracle.Violations);
            Assert.Empty(Workers.SelectMany(worker => worker.Faults));
        }

        public async ValueTask DisposeAsync()
        {
            Device.Dispose();
            foreach (TestRelay worker in Workers)
            {
                await worker.DisposeAsync();
            }

            await Receiver.DisposeAsync();
            _outgoing.Dispose();
            _oracle.Dispose();
        }

        private async Task TalkAsync()
        {
            await Business.SendTextAsync(Device.Number, "Welcome");
            await Workers[0].DrainAsync();
            await Device.ReceiveAsync();
            await Device.SendAsync(Business.Number, "Hello");
            await Workers[0].DrainAsync();
            Receiver.Deliveries.Clear();
            Log.Clear();
        }
    }
}
