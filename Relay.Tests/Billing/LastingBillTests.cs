using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Shared.Analytics;
using Relay.Shared.Billing;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Billing;

/// <summary>What is counted outlives the rows that it was counted from, and the process that counted it.</summary>
public sealed class LastingBillTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_erased_user_stays_on_the_bill_also_when_the_process_dies_before_it_has_written(bool dies)
    {
        (PairWorld world, Switch plan) = await TalkedAsync();
        await using PairWorld ends = world;
        (long Sent, long Delivered, long Received) happened = world.Happened();
        await world.Business.DeleteAsync($"relay/v1/contacts/{world.Device.Number[1..]}").OkAsync();
        await world.DrainAsync();
        Assert.Equal((0, 0, 0), world.Happened());
        await DieAsync(world, plan, dies);
        await world.CheckBillAsync(happened);
    }

    [Fact]
    public async Task A_note_of_an_erased_message_names_neither_user_nor_conversation_and_goes_when_it_is_counted()
    {
        (PairWorld world, Switch plan) = await TalkedAsync();
        await using PairWorld ends = world;
        string conversation = world.Relay.Rows(TableNames.Conversations).First().PartitionKey.Split('-')[1];
        await world.Business.DeleteAsync($"relay/v1/contacts/{world.Device.Number[1..]}").OkAsync();
        TableRow[] notes = [.. world.Relay.Rows(TableNames.Counts).Where(row => row.RowKey[0] == 'f')];
        Assert.Equal(5, notes.Length);
        Assert.All(notes, note =>
        {
            Assert.DoesNotContain(conversation, note.RowKey, StringComparison.Ordinal);
            Assert.Equal(["category"], note.Columns.Keys);
        });
        await DieAsync(world, plan, dies: true);
        await world.CheckBillAsync((2, 2, 1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_kept_for_an_hour_only_is_billed_all_the_same(bool dies)
    {
        Switch plan = new();
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted, plan.Plan);
        string settings = """{"storage_configuration":{"status":"NO_STORAGE_ENABLED","retention_minutes":60} }""";
        await world.Business.PostAsync(settings, path: $"{world.Business.PhoneNumberId}/settings").OkAsync();
        world.Time.Advance(TimeSpan.FromMinutes(2));
        await world.TimerAsync("EraseDue");
        await TalkAsync(world);
        (long Sent, long Delivered, long Received) happened = world.Happened();
        for (int i = 0; i < 16; i++)
        {
            world.Time.Advance(TimeSpan.FromMinutes(5));
            await world.TimerAsync("EraseDue");
        }

        Assert.True(world.Happened().Delivered < happened.Delivered);
        await DieAsync(world, plan, dies);
        await world.CheckBillAsync(happened);
    }

    [Fact]
    public async Task What_no_run_came_to_count_in_thirty_days_is_noted_by_the_run_that_deletes_it()
    {
        (PairWorld world, Switch plan) = await TalkedAsync();
        await using PairWorld ends = world;
        (long Sent, long Delivered, long Received) happened = world.Happened();
        await DieAsync(world, plan, dies: true);
        world.Time.Advance(TimeSpan.FromDays(30));
        await world.TimerAsync("DeleteExpired");
        Assert.Equal((0, 0, 0), world.Happened());
        await world.CheckBillAsync(happened);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_bill_of_a_closed_business_is_the_operators_for_400_days(bool dies)
    {
        (PairWorld world, Switch plan) = await TalkedAsync();
        await using PairWorld ends = world;
        (long Sent, long Delivered, long Received) happened = world.Happened();
        string path = $"businesses/{world.Business.Id}";
        await world.Running.AdminAsync(HttpMethod.Delete, path, new { });
        for (int i = 0; i < 4; i++)
        {
            await world.DrainAsync();
            world.Time.Advance(TimeSpan.FromMinutes(3));
        }

        await DieAsync(world, plan, dies);
        world.Time.Advance(TimeSpan.FromDays(2));
        await world.TimerAsync("SettleUsage");
        JsonElement bill = await world.Running.AdminAsync(HttpMethod.Get, $"{path}/billing?start=2026-03-01", new { });
        Assert.True(bill.GetProperty("data")[0].GetProperty("final").GetBoolean());
        Assert.Equal(happened, PairWorld.Sum([.. bill.GetProperty("data").EnumerateArray()]));
        Assert.Equal(HttpStatusCode.Unauthorized, (await world.Business.GetAsync("relay/v1/billing")).Status);

        world.Time.Advance(TimeSpan.FromDays(CountStore.DaysKept));
        await world.TimerAsync("DeleteExpired");
        await world.TimerAsync("DeleteExpired");
        Assert.Empty(world.Relay.Rows(TableNames.Counts));
        Assert.Equal(HttpStatusCode.BadRequest, (await world.Running.TryAdminAsync(HttpMethod.Get, path + "/billing", new { })).Status);
    }

    /// <summary>Azure's client sends a request again whose answer was lost: what was done is then told as a race that was lost.</summary>
    [Fact]
    public async Task What_the_storage_client_repeats_is_counted_once()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted, null, options => options with
        {
            RelayStorage = new RelayStorage(new RepeatingTables(options.RelayStorage!.Tables), options.RelayStorage.Queues, options.RelayStorage.Blobs),
        });
        await TalkAsync(world);
        await world.SendAsync("Three");
        await world.DrainAsync();
        await world.ReceiveAsync();
        await world.DrainAsync();
        Assert.Equal((4, 4, 2), world.Happened());
        Assert.All(world.Relay.Rows(TableNames.Counts), row => Assert.NotEqual((int)CountState.Torn, row.Get("state", 0)));
        await world.CheckBillAsync();
    }

    /// <summary>Another worker's commit was quicker, and ours is done anew: nothing of that is left to be counted again.</summary>
    [Fact]
    public async Task A_race_that_was_lost_tears_no_row()
    {
        InterruptedTables? tables = null;
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted, null, options =>
        {
            tables = new InterruptedTables(options.RelayStorage!.Tables, TableNames.Conversations);
            return options with { RelayStorage = new RelayStorage(tables, options.RelayStorage.Queues, options.RelayStorage.Blobs) };
        });
        HashSet<string> raced = [];
        tables!.InterruptCommit = async (partition, writes) =>
        {
            // Each envelope's first try comes too late.
            if (writes.Any(write => write.RowKey == "S") && writes.FirstOrDefault(write => write.RowKey.StartsWith("R:", StringComparison.Ordinal)) is { } envelope && raced.Add(envelope.RowKey))
            {
                await world.Relay.Tables.CommitAsync(TableNames.Conversations, partition, [TableWrite.Merge("S", null, Columns.Of("heard", 1L))], CancellationToken.None);
            }

            return false;
        };
        await TalkAsync(world);
        Assert.InRange(raced.Count, 2, 20);
        world.Time.Advance(MessageCounts.FlushDelay);
        Assert.NotEmpty(world.Relay.Rows(TableNames.Counts));
        Assert.All(world.Relay.Rows(TableNames.Counts), row => Assert.NotEqual((int)CountState.Torn, row.Get("state", 0)));
        await world.CheckBillAsync();
    }

    /// <summary>What counting adds to a message's transactions.</summary>
    [Fact]
    public async Task Counting_costs_two_transactions_in_ten_seconds_however_much_is_sent()
    {
        FaultPlan plan = new(_ => null);
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted, plan);
        const int Messages = 40;
        for (int i = 0; i < Messages; i++)
        {
            await world.SendAsync($"{i}");
            await world.DrainAsync();
        }

        await world.ReceiveAsync();
        await world.DrainAsync();
        world.Time.Advance(MessageCounts.FlushDelay);
        Assert.Equal(Messages + 1, world.Happened().Delivered);
        Assert.Equal(["Insert", "Replace"], plan.Calls.Where(call => call.Target == TableNames.Counts).Select(call => call.Detail));
        await world.CheckBillAsync();
    }

    /// <summary>A process that was away for a day and then writes what it counted: its messages were counted without it.</summary>
    [Fact]
    public async Task A_process_that_comes_back_late_changes_nothing()
    {
        (PairWorld world, _) = await TalkedAsync();
        await using PairWorld ends = world;
        CountStore store = world.Running.Local.Services.GetRequiredService<CountStore>();
        await using MessageCounts late = new(store, new StoppedTime(world.Time), NullLogger<MessageCounts>.Instance);
        BusinessId business = BusinessId.Parse(world.Business.Id);
        using (Counting counting = await late.BeginAsync(business, PhoneNumberId.Parse(world.Business.PhoneNumberId), UtcDay.Today(world.Time), CancellationToken.None))
        {
            counting.End([new UsageFact(UsageKind.Delivered, MessageCategory.Marketing)]);
        }

        (long Sent, long Delivered, long Received) happened = world.Happened();
        await world.CheckBillAsync(happened);
        await late.FlushAsync(CancellationToken.None);
        Assert.Equal(happened, PairWorld.Sum((await world.BillAsync()).Lines));
    }

    /// <summary>A run that has no time left says where it stopped, and the next one goes on there.</summary>
    [Fact]
    public async Task Counting_again_goes_on_where_it_stopped()
    {
        (PairWorld world, Switch plan) = await TalkedAsync();
        await using PairWorld ends = world;
        (long Sent, long Delivered, long Received) happened = world.Happened();
        await DieAsync(world, plan, dies: true);
        world.Time.Advance(TimeSpan.FromDays(1));
        CountStore store = world.Running.Local.Services.GetRequiredService<CountStore>();
        RecountDay recount = world.Running.Local.Services.GetRequiredService<RecountDay>();
        BusinessId business = BusinessId.Parse(world.Business.Id);
        UtcDay day = UtcDay.Today(world.Time).AddDays(-1);
        Assert.False(await recount.ExecuteAsync(business, day, await OpenAsync(store, business, day), world.Time.GetUtcNow(), CancellationToken.None));
        CountRow begun = Assert.Single(await OpenAsync(store, business, day));
        Assert.Equal(new string('0', 32), begun.Cursor);

        // Behind all conversations: what was noted before is what it comes to.
        await store.SaveAsync(business, [begun with { Cursor = new string('f', 32) }], CancellationToken.None);
        await recount.ExecuteAsync(business, day, await OpenAsync(store, business, day), DateTimeOffset.MaxValue, CancellationToken.None);
        Assert.NotEqual(happened, PairWorld.Sum((await world.BillAsync()).Lines));
    }

    private static async Task<IReadOnlyList<CountRow>> OpenAsync(CountStore store, BusinessId business, UtcDay day)
    {
        List<CountRow> open = [];
        await foreach (CountRow row in store.ListAsync(business, day, day, CancellationToken.None))
        {
            if (!row.IsFinal)
            {
                open.Add(row);
            }
        }

        return open;
    }

    private static async Task<(PairWorld World, Switch Plan)> TalkedAsync()
    {
        Switch plan = new();
        PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, plan.Plan);
        await TalkAsync(world);
        return (world, plan);
    }

    private static async Task TalkAsync(PairWorld world)
    {
        await world.SendAsync("One");
        await world.SendAsync("Two");
        await world.DrainAsync();
        await world.ReceiveAsync();
        await world.UserSendsAsync("And back");
        await world.DrainAsync();
    }

    /// <summary>The process ends, either in peace or with its memory lost; the next one starts.</summary>
    private static async Task DieAsync(PairWorld world, Switch plan, bool dies)
    {
        plan.Kills = dies;
        if (dies)
        {
            await world.Business.GetAsync(string.Create(CultureInfo.InvariantCulture, $"v25.0/{world.Business.WabaId}/message_templates"));
        }

        await world.RestartAsync();
    }

    /// <summary>Does every commit of what is counted twice, and tells of the second.</summary>
    private sealed class RepeatingTables(ITableStore inner) : ITableStore
    {
        public Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellationToken) =>
            inner.GetAsync(table, partitionKey, rowKey, cancellationToken);

        public IAsyncEnumerable<TableRow> QueryAsync(string table, TableRange range, CancellationToken cancellationToken) => inner.QueryAsync(table, range, cancellationToken);

        public async Task<CommitResult> CommitAsync(string table, string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken)
        {
            CommitResult first = await inner.CommitAsync(table, partitionKey, writes, cancellationToken);
            bool isCounted = table == TableNames.Counts || writes.Any(write => write.Columns.Keys.Any(column => column is "sent" or "delivered" or "received"));
            return first.IsSaved && isCounted ? await inner.CommitAsync(table, partitionKey, writes, cancellationToken) : first;
        }

        public Task EnsureTablesAsync(IReadOnlyCollection<string> tables, CancellationToken cancellationToken) => inner.EnsureTablesAsync(tables, cancellationToken);
    }

    private sealed class Switch
    {
        public Switch() => Plan = new FaultPlan(call => Kills && call.Process == "relay" ? Kill() : null);

        public FaultPlan Plan { get; }

        public bool Kills { get; set; }

        private Fault Kill()
        {
            Kills = false;
            return Fault.CrashBefore;
        }
    }

    /// <summary>The same time, but nothing is ever due by itself.</summary>
    private sealed class StoppedTime(TimeProvider time) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Never();

        private sealed class Never : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
