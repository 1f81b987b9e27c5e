using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Relay.Shared.Conversations;
using Relay.Shared.Storage;
using Relay.Shared.Webhooks;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>An endpoint that fails is told again on the schedule 0, 5, 30 s, 2 min … and delays nobody.</summary>
public sealed class WebhookDownTests
{
    [Fact]
    public async Task A_failing_endpoint_is_told_again_after_5_then_30_seconds_with_the_same_bytes()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        world.Webhook.Answer = _ => HttpStatusCode.InternalServerError;
        string? id = await world.SendAsync("Hello");
        await world.DrainAsync();
        Assert.Single(world.Webhook.Deliveries);

        await AdvanceAsync(world, 4);
        Assert.Single(world.Webhook.Deliveries);
        await AdvanceAsync(world, 1);
        Assert.Equal(2, world.Webhook.Deliveries.Count);

        world.Webhook.Answer = _ => HttpStatusCode.NoContent;
        await AdvanceAsync(world, 29);
        Assert.Empty(world.Webhook.Told());
        await AdvanceAsync(world, 1);
        Assert.Equal([$"sent:{id}"], world.Webhook.Told());
        Assert.Single(world.Webhook.Deliveries.Select(delivery => Convert.ToBase64String(delivery.Body)).Distinct());
        Assert.Matches("^msg_[0-9a-f]{32}$", Assert.Single(world.Webhook.Deliveries.Select(delivery => delivery.Id).Distinct()));
        await world.CheckAsync();
    }

    [Theory]
    [InlineData(HttpStatusCode.Found)]
    [InlineData(HttpStatusCode.BadRequest)]
    public async Task Anything_but_2xx_is_a_failure(HttpStatusCode status)
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        world.Webhook.Answer = _ => status;
        await world.UserSendsAsync("Anybody?");
        await world.DrainAsync();
        Assert.Single(world.Relay.Queues.Everything());

        world.Webhook.Answer = _ => HttpStatusCode.OK;
        await AdvanceAsync(world, 5);
        await world.CheckAsync();
    }

    [Fact]
    public async Task An_endpoint_that_is_gone_is_called_no_more_until_its_callback_is_set_again_and_what_it_missed_on_demand()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        world.Webhook.Answer = _ => HttpStatusCode.Gone;
        await world.UserSendsAsync("Anybody?");
        await world.DrainAsync();
        world.Webhook.Answer = _ => HttpStatusCode.OK;
        await world.UserSendsAsync("Still nobody?");
        await world.DrainAsync();
        await AdvanceAsync(world, 60);
        Assert.Single(world.Webhook.Deliveries);
        Assert.Empty(world.Relay.Queues.Everything());
        TableRow[] missed = Rows(world, "R:", row => row.Get("s_app", 0) == (int)TellState.GivenUp);
        Assert.Equal(2, missed.Count(row => row.Get<byte[]>("p").Length > 0));

        await world.SetWebhookAsync();
        await AdvanceAsync(world, 3600);
        Assert.Empty(world.Webhook.Told());
        await TellAgainAsync(world, missed);
        Assert.Equal(2, world.Webhook.Told().Count);
        Assert.Equal(2, world.Webhook.Deliveries.Select(delivery => delivery.Id).Distinct().Count());
        await world.CheckAsync();
    }

    [Fact]
    public async Task A_handler_that_runs_again_while_the_endpoint_is_down_queues_no_second_reference()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted, null, options => options with { DeliverTwice = true });
        world.Webhook.Answer = _ => HttpStatusCode.BadGateway;
        await world.UserSendsAsync("Anybody?");
        await world.DrainAsync();
        Assert.Single(world.Relay.Queues.Everything());
        Assert.Single(world.Webhook.Deliveries);
    }

    [Fact]
    public async Task A_silent_endpoint_costs_its_budget_and_no_more()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        world.Webhook.Answer = _ => null;
        world.Webhook.OnDelivery = _ => world.Time.Advance(TimeSpan.FromSeconds(3));
        await world.UserSendsAsync("Anybody?");
        await world.DrainAsync();
        Assert.Single(world.Webhook.Deliveries);

        world.Webhook.OnDelivery = _ => world.Time.Advance(TimeSpan.FromSeconds(15));
        await AdvanceAsync(world, 5);
        Assert.Equal(2, world.Webhook.Deliveries.Count);
        Assert.Empty(world.Webhook.Told());

        world.Webhook.Answer = _ => HttpStatusCode.OK;
        world.Webhook.OnDelivery = _ => { };
        await AdvanceAsync(world, 30);
        await world.CheckAsync();
    }

    [Fact]
    public async Task Without_a_webhook_nothing_waits_in_a_queue_and_everything_is_told_on_demand_once_there_is_one()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        TableRow subscription = Assert.Single(world.Relay.Rows(TableNames.Subscriptions));
        await world.Relay.Tables.CommitAsync(
            TableNames.Subscriptions, subscription.PartitionKey, [TableWrite.Delete(subscription.RowKey, null)], CancellationToken.None);
        await world.SendAsync("Hello");
        await AdvanceAsync(world, 1);
        await world.ReceiveAsync();
        await AdvanceAsync(world, 1);
        await world.UserSendsAsync("Hi");
        await AdvanceAsync(world, 1);
        Assert.Empty(world.Webhook.Deliveries);
        Assert.Empty(world.Relay.Queues.Everything());
        TableRow[] waiting = Rows(world, "", row => row.Get("pending", false));
        Assert.Equal(3, waiting.Length);

        await world.SetWebhookAsync();
        await TellAgainAsync(world, waiting);
        Assert.Equal(3, world.Webhook.Told().Count);
        await world.CheckAsync();
    }

    [Fact]
    public async Task One_conversation_is_told_in_order_when_its_endpoint_comes_back()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        world.Webhook.Answer = _ => HttpStatusCode.BadGateway;
        string? id = await world.SendAsync("Hello");
        await world.DrainAsync();
        world.Time.Advance(TimeSpan.FromSeconds(2));
        await world.ReceiveAsync();
        await world.DrainAsync();

        world.Webhook.Answer = _ => HttpStatusCode.OK;
        for (int second = 0; second < 10; second++)
        {
            await AdvanceAsync(world, 1);
        }

        Assert.Equal([$"sent:{id}", $"delivered:{id}"], world.Webhook.Told());
    }

    [Fact]
    public async Task After_seven_days_of_failure_nothing_is_left_in_the_queue()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        world.Webhook.Answer = _ => HttpStatusCode.InternalServerError;
        await world.UserSendsAsync("Anybody?");
        await world.DrainAsync();
        for (int hour = 0; hour < 8 * 24; hour += 4)
        {
            await AdvanceAsync(world, 4 * 3600);
        }

        Assert.Empty(world.Relay.Queues.Everything());
        Assert.InRange(world.Webhook.Deliveries.Count, 15, 40);
    }

    private static TableRow[] Rows(PairWorld world, string prefix, Func<TableRow, bool> which) =>
    [
        .. world.Relay.Rows(TableNames.Conversations)
            .Where(row => row.RowKey.StartsWith(prefix, StringComparison.Ordinal) && which(row))
            .OrderBy(row => row.Get("at", 0L)).ThenByDescending(row => row.RowKey, StringComparer.Ordinal),
    ];

    private static async Task TellAgainAsync(PairWorld world, TableRow[] rows)
    {
        TellBusiness tell = world.Running.Local.Services.GetRequiredService<TellBusiness>();
        foreach (TableRow row in rows)
        {
            Assert.True(ConversationKey.TryParse(row.PartitionKey, out ConversationKey key));
            Assert.True(await tell.TellAgainAsync(key, row.RowKey, null, CancellationToken.None));
            await world.DrainAsync();
        }
    }

    private static async Task AdvanceAsync(PairWorld world, int seconds)
    {
        world.Time.Advance(TimeSpan.FromSeconds(seconds));
        await world.DrainAsync();
    }
}
