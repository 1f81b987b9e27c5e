using System.Net;
using System.Text;
using System.Text.Json;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Replay;

/// <summary>
/// What a replay window keeps: at least its days, at most a day and two hours more, whatever fails on the way; and at no time a number or
/// content in clear.
/// </summary>
public sealed class ReplayWindowTests
{
    private const string Timer = "EraseTold";
    private const string Secret = "A very private matter";

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Payloads_are_kept_for_the_window_and_then_erased(int days)
    {
        await using PairWorld world = await TalkAsync(days);
        DateTimeOffset told = world.Time.GetUtcNow();
        Assert.Equal(3, Kept(world));

        while (world.Time.GetUtcNow() - told < TimeSpan.FromDays(days))
        {
            Assert.Equal(3, Kept(world));
            await PassAsync(world, hours: 1);
        }

        await PassAsync(world, hours: 26);
        Assert.Equal(0, Kept(world));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(2, 26)]
    public async Task A_shorter_window_erases_what_is_older(int days, int hours)
    {
        await using PairWorld world = await TalkAsync(20);
        await PassAsync(world, hours: 24 * 3);
        Assert.Equal(3, Kept(world));
        await ReplayTests.SetWindowAsync(world, days);
        await PassAsync(world, hours);
        Assert.Equal(0, Kept(world));
        if (days == 0)
        {
            Assert.DoesNotContain(world.Relay.Rows(TableNames.Businesses), row => row.RowKey == "replay");
        }
    }

    [Fact]
    public async Task What_is_told_again_after_its_window_is_erased_then()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        await ReplayTests.SetWindowAsync(world, 2);
        world.Webhook.Answer = _ => HttpStatusCode.InternalServerError;
        await world.UserSendsAsync(Secret);
        await world.DrainAsync();
        Assert.Equal(1, Kept(world));
        for (int day = 0; day < 4; day++)
        {
            await PassAsync(world, hours: 24);
        }

        Assert.Equal(1, Kept(world));
        world.Webhook.Answer = _ => HttpStatusCode.OK;
        await PassAsync(world, hours: 15);
        Assert.Contains(world.Webhook.Deliveries, delivery => delivery.Accepted);
        Assert.Equal(0, Kept(world));
    }

    [Fact]
    public async Task The_longest_window_ends_with_the_day_itself()
    {
        await using PairWorld world = await TalkAsync(29);
        for (int day = 0; day < 28; day++)
        {
            await PassAsync(world, hours: 24);
            await world.TimerAsync("DeleteExpired");
        }

        Assert.Equal(3, Kept(world));
        await PassAsync(world, hours: 24);
        await world.TimerAsync("DeleteExpired");
        Assert.Empty(world.Relay.Rows(TableNames.Conversations));
    }

    [Fact]
    public async Task A_run_that_dies_anywhere_is_finished_by_the_next()
    {
        for (int k = 0; ; k++)
        {
            int seen = 0;
            bool isTimer = false;
            FaultPlan plan = new(call => isTimer && call.Process == "relay" && call.Name is "table:commit" or "table:get" && seen++ == k ? Fault.CrashAfter : null);
            await using PairWorld world = await TalkAsync(1, plan);
            world.Time.Advance(TimeSpan.FromDays(3));
            isTimer = true;
            plan.IsOver = false;
            await world.TimerAsync(Timer);
            await world.TimerAsync(Timer);
            Assert.Equal(0, Kept(world));
            if (plan.Struck.Count == 0)
            {
                Assert.True(k > 4, $"The timer made only {k} calls.");
                return;
            }
        }
    }

    [Fact]
    public async Task Neither_number_nor_content_is_ever_in_clear()
    {
        await using PairWorld world = await TalkAsync(7);
        await ReplayTests.ReplayAsync(world, new { since = world.Time.GetUtcNow().ToUnixTimeSeconds() - 3_600 });
        string all = string.Join('\n', world.Relay.Dump());
        foreach (string text in (string[])[Secret, world.Device.Digits, world.Business.Digits])
        {
            Assert.DoesNotContain(text, all, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)), all, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('='), all, StringComparison.Ordinal);
        }

        Assert.Contains("\"since\":", all, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"days":null}""")]
    [InlineData("""{"days":-1}""")]
    [InlineData("""{"days":30}""")]
    [InlineData("""{"days":1.5}""")]
    public async Task Another_window_is_refused(string body)
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        IReadOnlyList<string> before = world.DumpBesidesAudit();
        (HttpStatusCode status, _) = await world.Running.TryAdminAsync(
            HttpMethod.Put, $"businesses/{world.Business.Id}/replay_window", JsonDocument.Parse(body).RootElement);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(before, world.DumpBesidesAudit());
        Assert.Equal(HttpStatusCode.BadRequest, (await world.Running.TryAdminAsync(HttpMethod.Put, "businesses/123/replay_window", new { days = 1 })).Status);
    }

    private static async Task<PairWorld> TalkAsync(int days, FaultPlan? plan = null)
    {
        PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted, plan);
        await ReplayTests.SetWindowAsync(world, days);
        await world.SendAsync("Hello");
        await world.UserSendsAsync(Secret);
        await world.CheckAsync();
        return world;
    }

    /// <summary>Rows that still have a webhook's body.</summary>
    private static int Kept(PairWorld world) => world.Relay.Rows(TableNames.Conversations)
        .Count(row => row.RowKey[0] is 'R' or 'W' && row.Get<byte[]>("p", []).Length > 0);

    private static async Task PassAsync(PairWorld world, int hours)
    {
        for (int hour = 0; hour < hours; hour++)
        {
            world.Time.Advance(TimeSpan.FromHours(1));
            await world.TimerAsync(Timer);
            await world.DrainAsync();
        }
    }
}
