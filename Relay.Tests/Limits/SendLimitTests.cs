using System.Globalization;
using System.Net;
using System.Text.Json;
using Relay.Shared.Limits;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Limits;

/// <summary>The Cloud API's limits as a business meets them, at their usual figures.</summary>
public sealed class SendLimitTests
{
    private int _next;

    [Fact]
    public async Task A_user_gets_45_at_once_and_then_one_every_six_seconds()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        for (int i = 0; i < 45; i++)
        {
            Assert.NotNull(await world.SendAsync($"Burst {i}"));
        }

        string[] before = [.. world.Dump()];
        int calls = world.Calls.Count;
        PostAnswer refused = await world.Business.PostKeyedAsync(TestBusiness.Text(world.Device.Number, "One too many"));
        Assert.Equal((HttpStatusCode.TooManyRequests, 131056, 6), (refused.Status, refused.Code, refused.RetryAfter));
        Assert.Contains("6 seconds", refused.Details, StringComparison.Ordinal);
        Assert.Equal(before, world.Dump());
        Assert.Equal(calls, world.Calls.Count);

        Assert.Equal(0, (await ToStrangerAsync(world.Business)).Code);
        Assert.True(await world.MarkReadAsync());
        world.Time.Advance(TimeSpan.FromSeconds(5.9));
        Assert.Null(await world.SendAsync("Still too early"));
        world.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.NotNull(await world.SendAsync("In time"));
        Assert.Null(await world.SendAsync("Too early again"));
    }

    [Fact]
    public async Task A_number_sends_80_a_second_until_its_level_is_raised()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        Assert.Equal(80, await SendUntilRefusedAsync(world.Business));
        int calls = world.Calls.Count;
        PostAnswer refused = await ToStrangerAsync(world.Business);
        Assert.Equal((HttpStatusCode.TooManyRequests, 130429, 1), (refused.Status, refused.Code, refused.RetryAfter));
        Assert.Contains("80 messages a second (throughput level STANDARD)", refused.Details, StringComparison.Ordinal);
        Assert.True(refused.Answer.GetProperty("error").GetProperty("is_transient").GetBoolean());
        Assert.Equal(calls, world.Calls.Count);

        world.Time.Advance(TimeSpan.FromMilliseconds(125));
        Assert.Equal(10, await SendUntilRefusedAsync(world.Business));

        await SetLevelAsync(world, "HIGH");
        world.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1_000, await SendUntilRefusedAsync(world.Business));
        await SetLevelAsync(world, "STANDARD");
        world.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(80, await SendUntilRefusedAsync(world.Business));
    }

    [Fact]
    public async Task A_refused_message_takes_nothing_from_the_other_limit()
    {
        await using PairWorld world = await PairWorld.StartAsync(
            PreparedPair.Strangers, change: options => options with { Limits = new RelayLimits { MessagesPerSecond = 4, PairBurst = 2 } });
        PostAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => world.Business.PostKeyedAsync(TestBusiness.Text("+4915100000000", "Hi"))));
        Assert.Equal((2, 8), (answers.Count(answer => answer.Code == 0), answers.Count(answer => answer.Code == 131056)));
        Assert.Equal(2, await SendUntilRefusedAsync(world.Business));

        world.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(4, await SendUntilRefusedAsync(world.Business));
        Assert.Equal(130429, (await world.Business.PostKeyedAsync(TestBusiness.Text("+4915100000000", "Hi"))).Code);
        world.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, (await world.Business.PostKeyedAsync(TestBusiness.Text("+4915100000000", "Hi"))).Code);
        Assert.Equal(0, (await world.Business.PostKeyedAsync(TestBusiness.Text("+4915100000000", "Hi"))).Code);
    }

    [Fact]
    public async Task What_users_send_counts_and_is_never_refused_and_receipts_do_not_count()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        await world.SendAsync("Sent, and its receipt comes back");
        await world.SettleAsync();
        await world.ReceiveAsync();
        await world.SettleAsync();
        world.Time.Advance(TimeSpan.FromSeconds(1));
        for (int i = 0; i < 30; i++)
        {
            await world.UserSendsAsync($"From the user {i}");
        }

        await world.SettleAsync();
        Assert.Equal(30, world.Webhook.Told().Count(told => told.StartsWith("message:", StringComparison.Ordinal)));
        Assert.Equal(50, await SendUntilRefusedAsync(world.Business));

        await world.UserSendsAsync("One more");
        await world.SettleAsync();
        Assert.Equal(31, world.Webhook.Told().Count(told => told.StartsWith("message:", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("high")]
    [InlineData("")]
    [InlineData("NOT_APPLICABLE")]
    [InlineData(null)]
    public async Task Only_levels_that_exist_are_taken(string? level)
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        (HttpStatusCode status, JsonElement answer) = await world.Running.TryAdminAsync(HttpMethod.Put, Path(world.Business.Id, world.Business.PhoneNumberId), new { level });
        Assert.Equal((HttpStatusCode.BadRequest, 131009), (status, answer.GetProperty("error").GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task A_number_of_another_business_has_no_level_to_set()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        TestBusiness other = await world.Running.BusinessAsync(null);
        foreach (string path in (string[])[Path(other.Id, world.Business.PhoneNumberId), Path(world.Business.Id, "1"), Path(world.Business.Id, "x")])
        {
            (HttpStatusCode status, JsonElement answer) = await world.Running.TryAdminAsync(HttpMethod.Put, path, new { level = "HIGH" });
            Assert.Equal((HttpStatusCode.BadRequest, 100), (status, answer.GetProperty("error").GetProperty("code").GetInt32()));
        }
    }

    [Fact]
    public async Task Lifted_limits_refuse_nothing()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, change: options => options with { Limits = RelayLimits.Lifted });
        for (int i = 0; i < 200; i++)
        {
            Assert.NotNull(await world.SendAsync("Again"));
        }
    }

    private static string Path(string business, string number) => $"businesses/{business}/phone_numbers/{number}/throughput";

    private static Task<JsonElement> SetLevelAsync(PairWorld world, string level) =>
        world.Running.AdminAsync(HttpMethod.Put, Path(world.Business.Id, world.Business.PhoneNumberId), new { level });

    private async Task<int> SendUntilRefusedAsync(TestBusiness business)
    {
        int sent = 0;
        while ((await ToStrangerAsync(business)).Code == 0)
        {
            sent++;
        }

        return sent;
    }

    /// <summary>Each time to somebody else.</summary>
    private Task<PostAnswer> ToStrangerAsync(TestBusiness business) =>
        business.PostKeyedAsync(TestBusiness.Text("+4917" + (_next++).ToString("D8", CultureInfo.InvariantCulture), "Hi"));
}
