using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.Shared.Conversations;
using Relay.Shared.Storage;
using Relay.Shared.Webhooks;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>120 hours of nothing but failure end an endpoint, over all processes, at the price of two writes.</summary>
public sealed class EndpointEndTests
{
    [Fact]
    public async Task Five_days_of_nothing_but_failure_end_an_endpoint_and_what_it_missed_is_kept()
    {
        FaultPlan plan = FaultPlan.Nothing();
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted, plan);
        world.Webhook.Answer = _ => HttpStatusCode.InternalServerError;
        await HoursAsync(world, 60);
        Assert.Equal("failing", await StatusAsync(world));
        await world.RestartAsync();
        await HoursAsync(world, 59);
        Assert.Equal("failing", await StatusAsync(world));
        Assert.Equal(1, Writes(plan));

        await HoursAsync(world, 2);
        Assert.Equal("disabled", await StatusAsync(world));
        Assert.Equal(2, Writes(plan));
        Assert.Single(world.Running.Log.Lines, line => line is { Event: 224, Level: LogLevel.Warning });
        int deliveries = world.Webhook.Deliveries.Count;
        await HoursAsync(world, 48);
        Assert.Equal(deliveries, world.Webhook.Deliveries.Count);
        Assert.Empty(world.Relay.Queues.Everything());

        world.Webhook.Answer = _ => HttpStatusCode.OK;
        await world.SetWebhookAsync();
        Assert.Equal("active", await StatusAsync(world));
        TellBusiness tell = world.Running.Local.Services.GetRequiredService<TellBusiness>();
        foreach (TableRow row in world.Relay.Rows(TableNames.Conversations).Where(row => row.Get("s_app", 0) == (int)TellState.GivenUp).ToList())
        {
            Assert.True(ConversationKey.TryParse(row.PartitionKey, out ConversationKey key));
            Assert.True(await tell.TellAgainAsync(key, row.RowKey, null, CancellationToken.None));
        }

        await world.DrainAsync();
        await world.CheckAsync();
    }

    [Fact]
    public async Task One_success_starts_the_five_days_anew()
    {
        FaultPlan plan = FaultPlan.Nothing();
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted, plan);
        world.Webhook.Answer = _ => HttpStatusCode.InternalServerError;
        await HoursAsync(world, 100);
        world.Webhook.Answer = _ => HttpStatusCode.OK;
        await HoursAsync(world, 13);
        Assert.Equal("active", await StatusAsync(world));
        world.Webhook.Answer = _ => HttpStatusCode.InternalServerError;
        await HoursAsync(world, 60);
        Assert.Equal("failing", await StatusAsync(world));
        Assert.Equal(3, Writes(plan));
    }

    private static int Writes(FaultPlan plan) => plan.Calls.Count(call => call is { Name: "table:commit", Target: TableNames.Subscriptions });

    /// <summary>Something happens every twelve hours.</summary>
    private static async Task HoursAsync(PairWorld world, int hours)
    {
        for (int hour = 0; hour < hours; hour++)
        {
            if (hour % 12 == 0)
            {
                await world.UserSendsAsync($"Anybody? {world.Time.GetUtcNow():s}");
            }

            await world.DrainAsync();
            world.Time.Advance(TimeSpan.FromHours(1));
            await world.DrainAsync();
        }
    }

    private static async Task<string> StatusAsync(PairWorld world)
    {
        JsonElement listed = await world.Running.AdminAsync(HttpMethod.Get, $"businesses/{world.Business.Id}/subscribers", new { });
        return TestRelay.Text(Assert.Single(listed.GetProperty("data").EnumerateArray()), "status");
    }
}
