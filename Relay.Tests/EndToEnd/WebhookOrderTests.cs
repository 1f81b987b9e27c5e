using System.Net;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>What belongs to one conversation is told in order, also after a crash.</summary>
public sealed class WebhookOrderTests
{
    /// <summary>The process dies between the commit of <c>sent</c> and its telling; the receipt comes before the message's own redelivery.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Delivered_is_not_told_before_sent_nor_read_before_delivered_though_a_process_died_between(int dies)
    {
        int told = 0;
        FaultPlan plan = new(call => call.Name == "http:business" && ++told == dies ? Fault.CrashBefore : null);
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, plan);
        string? id = await world.SendAsync("Hello");
        await world.DrainAsync();
        await world.ReceiveAsync();
        await world.DrainAsync();
        Assert.Single(plan.Struck);
        Assert.Equal(dies == 1 ? [$"sent:{id}", $"delivered:{id}"] : [$"sent:{id}"], world.Webhook.Told());

        await world.Device.Phone.MarkReadAsync(null, CancellationToken.None);
        await world.ReceiveAsync();
        await world.DrainAsync();
        Assert.Equal([$"sent:{id}", $"delivered:{id}", $"read:{id}"], world.Webhook.Told().Distinct());
    }

    [Fact]
    public async Task What_failed_holds_up_what_comes_after_it_and_then_all_is_told_in_order()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        world.Webhook.Answer = _ => HttpStatusCode.BadGateway;
        await world.UserSendsAsync("one");
        await world.DrainAsync();
        world.Webhook.Answer = _ => HttpStatusCode.OK;
        await world.UserSendsAsync("two");
        await world.UserSendsAsync("three");
        await world.DrainAsync();
        Assert.Single(world.Webhook.Deliveries);

        await AdvanceAsync(world, 5);
        Assert.Equal(["one", "two", "three"], Texts(world));
        await AdvanceAsync(world, 60);
        Assert.Equal(4, world.Webhook.Deliveries.Count);
        await world.CheckAsync();
    }

    [Fact]
    public async Task While_the_endpoint_fails_the_first_in_line_alone_is_tried_on_its_schedule()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        world.Webhook.Answer = _ => HttpStatusCode.BadGateway;
        foreach (string text in new[] { "one", "two", "three" })
        {
            await world.UserSendsAsync(text);
            await world.DrainAsync();
        }

        foreach (int seconds in (int[])[4, 1, 29])
        {
            await AdvanceAsync(world, seconds);
        }

        Assert.Equal(["one", "one"], world.Webhook.Deliveries.Select(Text));
        world.Webhook.Answer = _ => HttpStatusCode.OK;
        await AdvanceAsync(world, 1);
        Assert.Equal(["one", "two", "three"], Texts(world));
        await AdvanceAsync(world, 60);
        await world.CheckAsync();
    }

    [Fact]
    public async Task After_a_minute_what_comes_later_waits_no_more()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        world.Webhook.Answer = delivery => Text(delivery) == "one" ? HttpStatusCode.BadGateway : HttpStatusCode.OK;
        await world.UserSendsAsync("one");
        await world.DrainAsync();
        await AdvanceAsync(world, 61);
        await world.UserSendsAsync("two");
        await world.DrainAsync();
        Assert.Equal(["two"], Texts(world));

        world.Webhook.Answer = _ => HttpStatusCode.OK;
        await AdvanceAsync(world, 3600);
        await world.CheckAsync();
    }

    private static async Task AdvanceAsync(PairWorld world, int seconds)
    {
        world.Time.Advance(TimeSpan.FromSeconds(seconds));
        await world.DrainAsync();
    }

    private static IEnumerable<string?> Texts(PairWorld world) => world.Webhook.Deliveries.Where(delivery => delivery.Accepted).Select(Text);

    private static string? Text(Delivery delivery) => delivery.IsMessage ? delivery.Message.GetProperty("text").GetProperty("body").GetString() : null;
}
