using System.Net;
using System.Text.Json;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Erasure;

/// <summary>A number whose messages are kept for an hour only (<c>storage_configuration</c>).</summary>
public sealed class OwnRetentionTests
{
    [Fact]
    public async Task Messages_and_statuses_are_gone_within_a_quarter_of_an_hour_after_it_and_the_conversation_goes_on()
    {
        await using PairWorld world = await StartAsync(60);
        await world.SendAsync("For an hour");
        await world.DrainAsync();
        await world.ReceiveAsync();
        await world.UserSendsAsync("And back");
        await world.DrainAsync();
        await PassAsync(world, 59);
        Assert.True(world.Relay.Rows(TableNames.Conversations).Count() > 2);

        await PassAsync(world, 16);
        Assert.Equal(["S"], world.Relay.Rows(TableNames.Conversations).Select(row => row.RowKey));
        Assert.DoesNotContain(world.Relay.Rows(TableNames.Expiry), row => row.PartitionKey.Length > "20261122-15".Length);

        await world.SendAsync("Another hour");
        await world.DrainAsync();
        await world.ReceiveAsync();
        Assert.Equal(["For an hour", "Another hour"], world.Received);
    }

    [Fact]
    public async Task What_can_not_be_handed_over_in_time_is_told_as_failed()
    {
        bool isAway = false;
        FaultPlan plan = new(call => isAway && call is { Name: "http:transport" } ? Fault.RequestLost : null);
        await using PairWorld world = await StartAsync(60, plan);
        isAway = true;
        await world.SendAsync("Never arrives");
        await PassAsync(world, 120);
        Assert.Contains(world.Webhook.Told(), told => told.Contains("failed", StringComparison.Ordinal));
    }

    /// <summary>Delays grow beyond the retention: the end comes before its row goes all the same.</summary>
    [Theory]
    [InlineData(60)]
    [InlineData(90)]
    [InlineData(240)]
    public async Task What_is_tried_at_growing_delays_is_told_as_failed_too(int minutes)
    {
        bool isAway = false;
        FaultPlan plan = new(call => isAway && call is { Name: "http:transport" } ? Fault.RequestLost : null);
        await using PairWorld world = await StartAsync(minutes, plan);
        isAway = true;
        await world.SendAsync("Never arrives");
        for (int minute = 0; minute < minutes + 120; minute++)
        {
            await world.DrainAsync();
            world.Time.Advance(TimeSpan.FromMinutes(1));
            if (minute % 5 == 0)
            {
                await world.TimerAsync("EraseDue");
            }
        }

        Assert.Contains(world.Webhook.Told(), told => told.Contains("failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_setting_that_is_lifted_keeps_what_is_there()
    {
        await using PairWorld world = await StartAsync(60);
        await world.SendAsync("Hello");
        await world.DrainAsync();
        await SetAsync(world, new { status = "NO_STORAGE_DISABLED" });
        world.Time.Advance(TimeSpan.FromSeconds(31));
        await PassAsync(world, 120);
        Assert.Contains(world.Relay.Rows(TableNames.Conversations), row => row.RowKey.StartsWith("O:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_longer_setting_moves_what_is_there()
    {
        await using PairWorld world = await StartAsync(60);
        await world.SendAsync("Hello");
        await world.DrainAsync();
        await SetAsync(world, new { status = "NO_STORAGE_ENABLED", retention_minutes = 240 });
        world.Time.Advance(TimeSpan.FromSeconds(31));
        await PassAsync(world, 120);
        Assert.Contains(world.Relay.Rows(TableNames.Conversations), row => row.RowKey.StartsWith("O:", StringComparison.Ordinal));
        await PassAsync(world, 140);
        Assert.Equal(["S"], world.Relay.Rows(TableNames.Conversations).Select(row => row.RowKey));
    }

    [Fact]
    public async Task The_settings_tell_what_was_set()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        Assert.Equal("DEFAULT", TestRelay.Text(await GetAsync(world), "status"));
        await SetAsync(world, new { status = "NO_STORAGE_ENABLED", retention_minutes = 90 });
        JsonElement set = await GetAsync(world);
        Assert.Equal(("NO_STORAGE_ENABLED", 90), (TestRelay.Text(set, "status"), set.GetProperty("retention_minutes").GetInt32()));
    }

    [Theory]
    [InlineData("""{"status":"NO_STORAGE_ENABLED"}""")]
    [InlineData("""{"status":"NO_STORAGE_ENABLED","retention_minutes":59}""")]
    [InlineData("""{"status":"NO_STORAGE_ENABLED","retention_minutes":43201}""")]
    [InlineData("""{"status":"DEFAULT","retention_minutes":60}""")]
    [InlineData("""{"status":"IN_COUNTRY_STORAGE_ENABLED","data_localization_region":"XX"}""")]
    [InlineData("""{"status":"SOMETHING"}""")]
    [InlineData("{}")]
    public async Task What_makes_no_sense_is_refused(string storage)
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        (HttpStatusCode status, _) = await PostAsync(world, $$"""{"storage_configuration":{{storage}}}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("DEFAULT", TestRelay.Text(await GetAsync(world), "status"));
    }

    /// <summary>Whatever dies, the next runs end with nothing left.</summary>
    [Theory]
    [InlineData(Fault.CrashBefore)]
    [InlineData(Fault.CrashAfter)]
    [InlineData(Fault.ReplyLost)]
    public async Task A_run_that_meets_a_fault_anywhere_is_finished_by_the_next(Fault fault)
    {
        for (int k = 0; ; k++)
        {
            int seen = 0;
            bool isTimer = false;
            FaultPlan plan = new(call => isTimer && call is not { Name: "table:query", Target: TableNames.Expiry } && seen++ == k ? fault : null);
            await using PairWorld world = await StartAsync(60, plan);
            await world.SendAsync("Hello");
            await world.DrainAsync();
            world.Time.Advance(TimeSpan.FromMinutes(71));
            isTimer = true;
            await world.TimerAsync("EraseDue");
            await world.TimerAsync("EraseDue");
            Assert.Equal(["S"], world.Relay.Rows(TableNames.Conversations).Select(row => row.RowKey));
            if (plan.Struck.Count == 0)
            {
                break;
            }
        }
    }

    private static async Task<PairWorld> StartAsync(int minutes, FaultPlan? plan = null)
    {
        PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, plan);
        await world.TimerAsync("EraseDue");
        await SetAsync(world, new { status = "NO_STORAGE_ENABLED", retention_minutes = minutes });
        return world;
    }

    private static async Task SetAsync(PairWorld world, object storage) =>
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(world, JsonSerializer.Serialize(new { storage_configuration = storage }))).Status);

    private static Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(PairWorld world, string body) =>
        world.Business.PostAsync(body, path: $"v25.0/{world.Business.PhoneNumberId}/settings");

    private static async Task<JsonElement> GetAsync(PairWorld world) =>
        (await world.Business.GetAsync($"v25.0/{world.Business.PhoneNumberId}/settings")).Answer.GetProperty("storage_configuration");

    private static async Task PassAsync(PairWorld world, int minutes)
    {
        for (int minute = 0; minute < minutes; minute++)
        {
            world.Time.Advance(TimeSpan.FromMinutes(1));
            if (minute % 5 == 0)
            {
                await world.TimerAsync("EraseDue");
                await world.DrainAsync();
            }
        }

        await world.TimerAsync("EraseDue");
    }
}
