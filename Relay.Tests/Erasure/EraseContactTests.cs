using System.Net;
using System.Text;
using System.Text.Json;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Erasure;

/// <summary>A business erases one user: at once nothing of them can be reached, soon nothing is left, and both may begin anew.</summary>
public sealed class EraseContactTests
{
    [Fact]
    public async Task Nothing_of_the_user_is_left_but_a_note_that_goes_with_its_day()
    {
        await using PairWorld world = await TalkedAsync();
        JsonElement reply = await EraseAsync(world);
        Assert.Equal("completed", TestRelay.Text(reply, "status"));
        Assert.Equal(1, reply.GetProperty("conversations").GetInt32());
        Assert.True(reply.GetProperty("rows").GetInt32() > 3);
        Assert.Equal(["L"], world.Relay.Rows(TableNames.Conversations).Select(row => row.RowKey));
        Assert.All(world.Relay.Rows(TableNames.Lookup), row => Assert.Equal("Erased", row.Get<string>("state")));

        await SettleAsync(world);
        Assert.Empty(world.Relay.Queues.Everything());
        await PassAsync(world, 29);
        Assert.Empty(world.Relay.Rows(TableNames.Conversations));
        Assert.Empty(world.Relay.Rows(TableNames.Lookup));
        Assert.Empty(world.Relay.Rows(TableNames.Expiry));
    }

    [Fact]
    public async Task What_was_accepted_before_and_is_still_on_its_way_is_dropped()
    {
        bool isHeld = false;
        FaultPlan plan = new(call => isHeld && call is { Process: "relay", Name: "queue:receive", Target: QueueNames.Inbound } ? Fault.RequestLost : null);
        await using PairWorld world = await TalkedAsync(plan);
        int told = world.Webhook.Told().Count;
        isHeld = true;
        await world.UserSendsAsync("Me too");
        await Assert.ThrowsAsync<StorageFaultException>(world.DrainAsync);
        Assert.Contains(world.Relay.Queues.Everything(), message => message.Queue == QueueNames.Inbound);
        await world.SendAsync("Too late");
        string partition = Assert.Single(world.Relay.Rows(TableNames.Conversations).Select(row => row.PartitionKey).Distinct());
        await EraseAsync(world);
        isHeld = false;
        await SettleAsync(world);
        await world.ReceiveAsync();
        await SettleAsync(world);
        Assert.Equal(told, world.Webhook.Told().Count);
        Assert.DoesNotContain("Too late", world.Received);
        Assert.False(WasTold(world, "Me too"));

        // What the device says of a message that it only fetched now belongs to a new conversation.
        Assert.Equal(["L"], world.Relay.Rows(TableNames.Conversations).Where(row => row.PartitionKey == partition).Select(row => row.RowKey));
    }

    [Fact]
    public async Task Both_may_write_again_afterwards()
    {
        await using PairWorld world = await TalkedAsync();
        await EraseAsync(world);
        world.Time.Advance(TimeSpan.FromSeconds(1));
        await world.SendAsync("Hello again");
        await world.DrainAsync();
        await world.ReceiveAsync();
        await world.UserSendsAsync("Hi again");
        await SettleAsync(world);
        Assert.Contains("Hello again", world.Received);
        Assert.True(WasTold(world, "Hi again"));
        Assert.Contains(world.Relay.Rows(TableNames.Lookup), row => row.Get<string>("state") == "Active");
    }

    [Fact]
    public async Task A_user_who_writes_after_an_erasure_is_heard()
    {
        await using PairWorld world = await TalkedAsync();
        await EraseAsync(world);
        world.Time.Advance(TimeSpan.FromSeconds(1));
        await world.UserSendsAsync("Still there?");
        for (int round = 0; round < 3; round++)
        {
            await SettleAsync(world);
            await world.ReceiveAsync();
        }

        Assert.True(WasTold(world, "Still there?"));
    }

    [Fact]
    public async Task Erasing_twice_or_somebody_unknown_is_no_error()
    {
        await using PairWorld world = await TalkedAsync();
        await EraseAsync(world);
        Assert.Equal("completed", TestRelay.Text(await EraseAsync(world), "status"));
        (HttpStatusCode status, JsonElement reply) = await world.Business.DeleteAsync("relay/v1/contacts/4915700000001");
        Assert.Equal((HttpStatusCode.OK, 0), (status, reply.GetProperty("conversations").GetInt32()));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("12")]
    [InlineData("%2B49157000000012345678")]
    public async Task What_is_no_number_is_told_so(string number)
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        (HttpStatusCode status, JsonElement reply) = await world.Business.DeleteAsync($"relay/v1/contacts/{number}");
        Assert.Equal((HttpStatusCode.BadRequest, 131009), (status, reply.GetProperty("error").GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task Another_business_erases_its_own_only()
    {
        await using PairWorld world = await TalkedAsync();
        int rows = world.Relay.Rows(TableNames.Conversations).Count();
        TestBusiness other = await world.Running.BusinessAsync(null);
        (HttpStatusCode status, JsonElement reply) = await other.DeleteAsync($"relay/v1/contacts/{world.Device.Number.TrimStart('+')}");
        Assert.Equal((HttpStatusCode.OK, 0), (status, reply.GetProperty("conversations").GetInt32()));
        Assert.Equal(rows, world.Relay.Rows(TableNames.Conversations).Count());
    }

    /// <summary>Every call that leaves the relay during an erasure and its queue's work dies or is lost once.</summary>
    [Theory]
    [InlineData(Fault.CrashBefore)]
    [InlineData(Fault.CrashAfter)]
    [InlineData(Fault.RequestLost)]
    [InlineData(Fault.ReplyLost)]
    [InlineData(Fault.LandsLate)]
    public async Task An_erasure_that_meets_a_fault_anywhere_ends_as_if_it_had_not(Fault fault)
    {
        for (int k = 0; ; k++)
        {
            int seen = 0;
            bool isErasing = false;
            FaultPlan plan = new(call => isErasing && call.Process == "relay" && call.Target != "inbound" && seen++ == k ? fault : null);
            await using PairWorld world = await TalkedAsync(plan);
            isErasing = true;
            (HttpStatusCode status, _) = await world.Business.DeleteAsync($"relay/v1/contacts/{world.Device.Number.TrimStart('+')}");
            await plan.LandLateAsync();
            await world.RestartAsync();
            if (status != HttpStatusCode.OK)
            {
                await EraseAsync(world);
            }

            await SettleAsync(world);
            await SettleAsync(world);
            Assert.Equal(["L"], world.Relay.Rows(TableNames.Conversations).Select(row => row.RowKey));
            Assert.All(world.Relay.Rows(TableNames.Lookup), row => Assert.Equal("Erased", row.Get<string>("state")));
            Assert.Empty(world.Relay.Queues.Everything());
            if (plan.Struck.Count == 0)
            {
                Assert.True(k > 20);
                break;
            }
        }
    }

    private static async Task<PairWorld> TalkedAsync(FaultPlan? plan = null)
    {
        PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, plan);
        await world.SendAsync("Hello");
        await world.DrainAsync();
        await world.ReceiveAsync();
        await world.UserSendsAsync("Hi there");
        await world.DrainAsync();
        await world.SendAsync("Not yet fetched");
        await world.DrainAsync();
        return world;
    }

    private static bool WasTold(PairWorld world, string text) =>
        world.Webhook.Deliveries.Any(delivery => Encoding.UTF8.GetString(delivery.Body).Contains(text, StringComparison.Ordinal));

    private static async Task<JsonElement> EraseAsync(PairWorld world)
    {
        (HttpStatusCode status, JsonElement reply) = await world.Business.DeleteAsync($"relay/v1/contacts/{world.Device.Number.TrimStart('+')}");
        Assert.Equal(HttpStatusCode.OK, status);
        return reply;
    }

    /// <summary>Lets the queue of erasures look twice.</summary>
    private static async Task SettleAsync(PairWorld world)
    {
        for (int step = 0; step < 3; step++)
        {
            world.Time.Advance(TimeSpan.FromMinutes(2));
            await world.DrainAsync();
        }
    }

    private static async Task PassAsync(PairWorld world, int days)
    {
        for (int day = 0; day < days; day++)
        {
            world.Time.Advance(TimeSpan.FromDays(1));
            await world.TimerAsync("DeleteExpired");
        }
    }
}
