using System.Net;
using System.Text.Json;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Erasure;

/// <summary>A business is closed: its keys first, then all it had.</summary>
public sealed class CloseBusinessTests
{
    [Fact]
    public async Task Keys_go_first_then_everything_and_the_token_opens_nothing()
    {
        await using PairWorld world = await TalkedAsync();
        await CloseAsync(world);
        Assert.Equal(HttpStatusCode.OK, (await world.Running.TryAdminAsync(HttpMethod.Post, "businesses", new { name = "Another" })).Status);
        world.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await world.Business.GetAsync($"v25.0/{world.Business.PhoneNumberId}/settings")).Status);

        await world.DrainAsync();
        AssertNoKey(world);
        await SettleAsync(world);
        Assert.Empty(Left(world));
    }

    [Fact]
    public async Task Another_business_goes_on()
    {
        await using PairWorld world = await TalkedAsync();
        TestBusiness other = await world.Running.BusinessAsync(null);
        await CloseAsync(world);
        await SettleAsync(world);
        (HttpStatusCode status, _) = await other.PostAsync(TestBusiness.Text(world.Device.Number, "We are still here"));
        Assert.Equal(HttpStatusCode.OK, status);
        await world.DrainAsync();
        await world.ReceiveAsync();
        Assert.Contains("We are still here", world.Received);
    }

    /// <summary>At once, and when no cache remembers the business any more.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(90)]
    public async Task What_was_accepted_before_and_is_on_its_way_is_dropped_without_a_fault(int minutes)
    {
        bool isHeld = false;
        FaultPlan plan = new(call => isHeld && call is { Process: "relay", Name: "queue:receive" } ? Fault.RequestLost : null);
        await using PairWorld world = await TalkedAsync(plan);
        await world.UserSendsAsync("Me too");
        await world.SendAsync("Too late");
        isHeld = true;
        await CloseAsync(world);
        isHeld = false;
        world.Time.Advance(TimeSpan.FromMinutes(minutes));
        await SettleAsync(world);
        Assert.Empty(world.Running.Faults);
        Assert.Empty(world.Relay.Queues.Everything());
        Assert.Empty(Left(world));
    }

    [Fact]
    public async Task An_unknown_business_is_told_so_and_closing_twice_is_no_error()
    {
        await using PairWorld world = await TalkedAsync();
        await CloseAsync(world);
        await CloseAsync(world);
        await SettleAsync(world);
        await SettleAsync(world);
        Assert.Empty(Left(world));
        (HttpStatusCode status, JsonElement reply) = await world.Running.TryAdminAsync(HttpMethod.Delete, $"businesses/{world.Business.Id}", new { });
        Assert.Equal((HttpStatusCode.BadRequest, 100), (status, reply.GetProperty("error").GetProperty("code").GetInt32()));
    }

    [Theory]
    [InlineData(Fault.CrashBefore)]
    [InlineData(Fault.CrashAfter)]
    [InlineData(Fault.RequestLost)]
    [InlineData(Fault.ReplyLost)]
    public async Task A_closure_that_meets_a_fault_anywhere_leaves_nothing_either(Fault fault)
    {
        for (int k = 0; ; k++)
        {
            int seen = 0;
            bool isClosing = false;
            FaultPlan plan = new(call => isClosing
                && call.Process == "relay" && call is not { Name: "table:query", Target: TableNames.Expiry } and not { Name: "queue:receive" } && seen++ == k ? fault : null);
            await using PairWorld world = await TalkedAsync(plan);
            isClosing = true;
            (HttpStatusCode status, _) = await world.Running.TryAdminAsync(HttpMethod.Delete, $"businesses/{world.Business.Id}", new { });
            await world.RestartAsync();
            if (status != HttpStatusCode.OK)
            {
                await world.Running.TryAdminAsync(HttpMethod.Delete, $"businesses/{world.Business.Id}", new { });
            }

            await SettleAsync(world);
            await SettleAsync(world);
            Assert.Empty(Left(world));
            if (plan.Struck.Count == 0)
            {
                Assert.True(k > 20);
                break;
            }
        }
    }

    private static void AssertNoKey(PairWorld world) =>
        Assert.DoesNotContain(world.Relay.Rows(TableNames.Dek), row => row.PartitionKey == world.Business.Id && row.RowKey != "!closed");

    /// <summary>Rows that name the business or one of its numbers; the mark that it is closed, what is to be proven later, and what was counted, is all that may stay.</summary>
    private static IEnumerable<string> Left(PairWorld world) =>
        from entry in world.Relay.Tables.Everything()
        where entry.Row.RowKey != "!closed" && entry.Table is not (TableNames.Audit or TableNames.Counts) && !(entry.Table == TableNames.Receipts && entry.Row.RowKey.StartsWith("R:", StringComparison.Ordinal))
        let text = $"{entry.Table}/{entry.Row.PartitionKey}/{entry.Row.RowKey}"
        where text.Contains(world.Business.Id, StringComparison.Ordinal) || text.Contains(world.Business.PhoneNumberId, StringComparison.Ordinal)
        select text;

    private static async Task<PairWorld> TalkedAsync(FaultPlan? plan = null)
    {
        PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, plan);
        await world.SendAsync("Hello");
        await world.DrainAsync();
        await world.ReceiveAsync();
        await world.UserSendsAsync("Hi there");
        await world.DrainAsync();
        return world;
    }

    private static Task<JsonElement> CloseAsync(PairWorld world) => world.Running.AdminAsync(HttpMethod.Delete, $"businesses/{world.Business.Id}", new { });

    private static async Task SettleAsync(PairWorld world)
    {
        for (int step = 0; step < 4; step++)
        {
            world.Time.Advance(TimeSpan.FromMinutes(2));
            await world.DrainAsync();
        }
    }
}
