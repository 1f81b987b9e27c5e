using System.Net;
using System.Text.Json;
using Relay.Shared.Limits;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Idempotency;

/// <summary>Repeats with a key after any crash, at any time, under any limit: one id, one message.</summary>
public sealed class RepeatCrashTests
{
    [Fact]
    public async Task Wherever_a_call_dies_its_repeats_end_with_one_message()
    {
        IReadOnlySet<string> covered = await FaultSweep.RunAsync(async plan =>
        {
            await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted, plan);
            string id = await world.SendOnceAsync("Once", "key-1");
            Assert.Equal(id, await world.SendOnceAsync("Once", "key-1"));
            await world.SettleAsync();
            Assert.Equal(id, await world.SendOnceAsync("Once", "key-1"));
            await world.CheckAsync();
            Assert.Equal(["Once"], world.Received.Where(text => text == "Once"));
        });
        Assert.Contains("relay table:commit idempotency", covered);
        Assert.Contains("relay queue:send outbound", covered);
    }

    /// <summary>Nothing of the first call is in memory any more when it is repeated.</summary>
    [Fact]
    public async Task Wherever_the_repeat_dies_there_is_one_message()
    {
        IReadOnlySet<string> covered = await FaultSweep.RunAsync(async plan =>
        {
            await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted, plan);
            string id = await world.SendOnceAsync("Once", "key-1");
            await world.RestartAsync();
            Assert.Equal(id, await world.SendOnceAsync("Once", "key-1"));
            await world.RestartAsync();
            Assert.Equal(id, await world.SendOnceAsync("Once", "key-1"));
            await world.SettleAsync();
            await world.ReceiveAsync();
            await world.SettleAsync();
            await world.RestartAsync();
            Assert.Equal(id, await world.SendOnceAsync("Once", "key-1"));
            await world.CheckAsync();
            Assert.Equal(["Once"], world.Received.Where(text => text == "Once"));
        });
        Assert.Contains("relay table:get idempotency", covered);
        Assert.Contains("relay table:commit idempotency", covered);
    }

    [Fact]
    public async Task A_repeat_hours_later_costs_three_table_calls_and_no_queue_call()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        string id = await world.SendOnceAsync("Once", "key-1");
        Assert.Single(world.Calls, call => call is { Target: TableNames.Idempotency });
        await world.SettleAsync();
        await world.ReceiveAsync();
        await world.SettleAsync();
        world.Time.Advance(TimeSpan.FromHours(23));
        await world.SendOnceAsync("Fills the caches again", "key-0");

        int before = world.Calls.Count;
        Assert.Equal(id, await world.SendOnceAsync("Once", "key-1"));
        Assert.Equal(
            ["table:commit idempotency", "table:get idempotency", "table:get conversations"],
            world.Calls.Skip(before).Select(call => $"{call.Name} {call.Target}"));
        before = world.Calls.Count;
        Assert.Equal(id, await world.SendOnceAsync("Once", "key-1"));
        Assert.Equal(before, world.Calls.Count);
        await world.CheckAsync();
    }

    [Fact]
    public async Task After_24_hours_a_key_is_free_and_its_rows_go()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        string first = await world.SendOnceAsync("Today", "key-1");
        world.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        await world.TimerAsync("DeleteExpired");
        Assert.Equal(first, await world.SendOnceAsync("Today", "key-1"));
        world.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.NotEqual(first, await world.SendOnceAsync("Tomorrow", "key-1"));
        await world.CheckAsync();

        // The clock stands still while both are delivered: which comes first is nobody's promise.
        Assert.Equal(["Today", "Tomorrow"], world.Received.Where(text => text is "Today" or "Tomorrow").Order(StringComparer.Ordinal));

        world.Time.Advance(TimeSpan.FromDays(2));
        await world.TimerAsync("DeleteExpired");
        Assert.Empty(world.Relay.Rows(TableNames.Idempotency));
    }

    [Fact]
    public async Task A_mark_as_read_is_told_once_too()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        string read = JsonSerializer.Serialize(new { messaging_product = "whatsapp", status = "read", message_id = world.InboundMessage });
        for (int i = 0; i < 3; i++)
        {
            PostAnswer answer = await world.Business.PostKeyedAsync(read, "key-1");
            Assert.True(answer.Status == HttpStatusCode.OK && answer.Answer.GetProperty("success").GetBoolean(), answer.Answer.ToString());
            await world.RestartAsync();
        }

        Assert.Equal(2, await world.Relay.Queues.CountAsync(QueueNames.Outbound, CancellationToken.None));
        await world.SettleAsync();
        Assert.Equal(HttpStatusCode.OK, (await world.Business.PostKeyedAsync(read, "key-1")).Status);
        Assert.Equal(100, (await world.Business.PostKeyedAsync(TestBusiness.Text(world.Device.Number, "Hello"), "key-1")).Code);
        Assert.Empty(world.Relay.Queues.Everything());
        Assert.Single(world.Relay.Rows(TableNames.Conversations), row => row.RowKey.StartsWith("O:", StringComparison.Ordinal) && !row.Get("tells", true));
    }

    [Fact]
    public async Task No_limit_refuses_a_repeat_and_no_repeat_uses_one_up()
    {
        await using PairWorld world = await PairWorld.StartAsync(
            PreparedPair.Acquainted, change: options => options with { Limits = new RelayLimits { PairBurst = 2, BacklogSoft = 1, BacklogHard = 2 } });
        string id = await world.SendOnceAsync("Once", "key-1");
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(id, await world.SendOnceAsync("Once", "key-1"));
        }

        // Nothing of it is remembered, and the user's rate is used up by others.
        await world.RestartAsync();
        Assert.NotNull(await world.SendAsync("Two"));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(id, await world.SendOnceAsync("Once", "key-1"));
        }

        Assert.NotNull(await world.SendAsync("Three"));
        await world.RestartAsync();
        Assert.NotNull(await world.SendAsync("Four"));
        Assert.NotNull(await world.SendAsync("Five"));
        int before = world.Calls.Count;
        Assert.Equal(131056, (await world.Business.PostKeyedAsync(TestBusiness.Text(world.Device.Number, "Six"), "key-6")).Code);
        Assert.Equal(
            ["table:get idempotency"],
            world.Calls.Skip(before).Where(call => call.Target != TableNames.Dek).Select(call => $"{call.Name} {call.Target}"));
        Assert.Equal(id, await world.SendOnceAsync("Once", "key-1"));
        Assert.Equal(100, (await world.Business.PostKeyedAsync(TestBusiness.Text(world.Device.Number, "Another"), "key-1")).Code);
    }
}
