using System.Globalization;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>The clock goes day by day: rows of day D and its key are gone before D+30 begins, whatever fails on the way.</summary>
public sealed class RetentionTests
{
    private const string Timer = "DeleteExpired";

    [Fact]
    public async Task A_silent_conversation_leaves_nothing_behind()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        string day = Day(world);
        await world.SendAsync("Hello");
        await world.CheckAsync();
        await world.UserSendsAsync("Hi");
        await world.CheckAsync();

        await PassAsync(world, 28);
        Assert.NotEmpty(world.Relay.Rows(TableNames.Conversations));
        Assert.Single(world.Relay.Rows(TableNames.Lookup));
        Assert.Contains(world.Relay.Rows(TableNames.Dek), row => row.RowKey == day);

        await PassAsync(world, 1);
        Assert.Empty(world.Relay.Rows(TableNames.Conversations));
        Assert.Empty(world.Relay.Rows(TableNames.Lookup));
        Assert.Empty(world.Relay.Rows(TableNames.Expiry));
        Assert.DoesNotContain(world.Relay.Rows(TableNames.Dek), row => row.RowKey == day);
        Assert.DoesNotContain(world.Transport.Rows(TableNames.Dek), row => row.RowKey == day);
        Assert.Empty(world.Transport.Rows(TableNames.Mailbox));
        Assert.Empty(world.Transport.Rows(TableNames.Pushes));
    }

    [Fact]
    public async Task A_conversation_that_goes_on_keeps_its_session_and_loses_its_old_messages()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        for (int turn = 0; turn < 5; turn++)
        {
            await world.SendAsync($"Turn {turn}");
            await world.SettleAsync();
            await world.ReceiveAsync();
            await world.SettleAsync();
            await PassAsync(world, 10);
        }

        UtcDay firstLive = UtcDay.Today(world.Time).AddDays(-28);
        Assert.Contains(world.Relay.Rows(TableNames.Conversations), row => row.RowKey == "S");
        Assert.All(world.Relay.Rows(TableNames.Conversations), row =>
            Assert.True(UtcDay.TryParse(row.Get<string>("day"), out UtcDay day) && day >= firstLive, row.RowKey));
        // One row for each of the two epochs in which it is looked for.
        Assert.InRange(world.Relay.Rows(TableNames.Lookup).Count(), 1, 2);
        Assert.Single(world.Relay.Rows(TableNames.Lookup).Select(row => row.Get<string>("conv")).Distinct());
        Assert.Equal(5, world.Received.Count);
    }

    [Fact]
    public async Task A_dead_conversation_begins_anew()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        await world.SendAsync("Hello");
        await world.CheckAsync();
        await PassAsync(world, 40);
        Assert.Empty(world.Relay.Rows(TableNames.Conversations));

        await world.SendAsync("Long time no see");
        await world.SettleAsync();
        await world.ReceiveAsync();
        await world.SettleAsync();
        Assert.Equal(["Hello", "Long time no see"], world.Received);
        Assert.Equal(4, world.Webhook.Told().Count);
    }

    [Fact]
    public async Task Keys_die_in_time_even_when_rows_cannot_be_deleted_and_the_rows_follow_later()
    {
        bool isBroken = false;
        FaultPlan plan = new(call => isBroken && call is { Process: "relay", Target: TableNames.Conversations, Name: "table:commit" } ? Fault.RequestLost : null);
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, plan);
        string day = Day(world);
        await world.SendAsync("Hello");
        await world.SettleAsync();
        isBroken = true;

        await PassAsync(world, 29);
        Assert.NotEmpty(world.Relay.Rows(TableNames.Conversations));
        Assert.DoesNotContain(world.Relay.Rows(TableNames.Dek), row => row.RowKey == day);
        Assert.Contains(world.Running.Log.Lines, line => line.Event == 303);

        isBroken = false;
        await PassAsync(world, 1);
        Assert.Empty(world.Relay.Rows(TableNames.Conversations));
        Assert.Empty(world.Relay.Rows(TableNames.Lookup));
    }

    /// <summary>The expiry index is asked some 500 times for nothing: those calls are all alike, and not struck one by one.</summary>
    [Theory]
    [InlineData(Fault.CrashBefore)]
    [InlineData(Fault.CrashAfter)]
    [InlineData(Fault.RequestLost)]
    [InlineData(Fault.ReplyLost)]
    [InlineData(Fault.LandsLate)]
    public async Task A_timer_that_meets_a_fault_anywhere_is_finished_by_the_next_run(Fault fault)
    {
        SortedSet<string> covered = new(StringComparer.Ordinal);
        for (int k = 0; ; k++)
        {
            int seen = 0;
            bool isTimer = false;
            FaultPlan plan = new(call => isTimer && call is not { Name: "table:query", Target: TableNames.Expiry } && seen++ == k ? fault : null);
            await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, plan);
            await world.SendAsync("Hello");
            await world.SettleAsync();
            world.Time.Advance(TimeSpan.FromDays(29));
            isTimer = true;
            await world.TimerAsync(Timer);
            await plan.LandLateAsync();
            await world.TimerAsync(Timer);

            Assert.Empty(world.Relay.Rows(TableNames.Conversations));
            Assert.Empty(world.Relay.Rows(TableNames.Lookup));
            Assert.Empty(world.Relay.Rows(TableNames.Expiry));
            if (plan.Struck.Count == 0)
            {
                break;
            }

            covered.UnionWith(plan.Struck.Select(call => $"{call.Name} {call.Target}"));
        }

        Assert.Superset(
            new HashSet<string> { "table:commit conversations", "table:commit dek", "table:commit expiry", "table:commit lookup", "table:query conversations" },
            covered.ToHashSet());
    }

    [Fact]
    public async Task A_status_of_the_day_after_does_not_keep_the_number_for_ever()
    {
        bool isNight = false;
        FaultPlan plan = new(call => isNight && call is { Name: "http:transport", Target: "envelopes" } ? Fault.RequestLost : null);
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, plan);
        isNight = true;
        await world.SendAsync("Hello");
        await world.DrainAsync();
        isNight = false;
        world.Time.Advance(TimeSpan.FromDays(1));
        await world.DrainAsync();
        Assert.Single(world.Relay.Rows(TableNames.Conversations), row => row.RowKey.EndsWith(":sent", StringComparison.Ordinal));

        await PassAsync(world, 30);
        Assert.Empty(world.Relay.Rows(TableNames.Conversations));
        Assert.Empty(world.Relay.Rows(TableNames.Lookup));
    }

    [Fact]
    public async Task A_number_that_only_ever_sent_noise_is_forgotten_too()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        await world.UserSendsRawAsync(Envelope.Message, [0x33, 1, 2, 3]);
        await world.DrainAsync();
        Assert.Single(world.Relay.Rows(TableNames.Lookup));
        Assert.Empty(world.Webhook.Deliveries);

        await PassAsync(world, 29);
        Assert.Empty(world.Relay.Rows(TableNames.Lookup));
        Assert.Empty(world.Relay.Rows(TableNames.Conversations));
    }

    private static string Day(PairWorld world) => world.Time.GetUtcNow().ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static async Task PassAsync(PairWorld world, int days)
    {
        for (int day = 0; day < days; day++)
        {
            world.Time.Advance(TimeSpan.FromDays(1));
            await world.TimerAsync(Timer);
            await world.TimerAsync("TransportDeleteExpired");
            await world.DrainAsync();
        }
    }
}
