using System.Text.Json;
using Relay.Shared.Storage;
using Relay.Tests.Replay;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.History;

/// <summary>What the history says of messages that took another way than most.</summary>
public sealed class HistoryOutcomeTests
{
    private const string Events = "fields=message_id,events{delivery_status,webhook_update_state,webhook_uri,error_description}";

    [Fact]
    public async Task A_failed_message_says_why()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        string nobody = await world.Business.SendTextAsync(TestRelay.RandomNumber(), "Is anybody there?");
        await world.DrainAsync();

        JsonElement only = Assert.Single(await EventsAsync(world, nobody));
        Assert.Equal("FAILED", TestRelay.Text(only, "delivery_status"));
        Assert.Equal("DELIVERED", TestRelay.Text(only, "webhook_update_state"));
        Assert.Equal("(#131026) Message undeliverable", TestRelay.Text(only, "error_description"));
    }

    [Fact]
    public async Task A_webhook_that_was_given_up_says_so()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        world.Webhook.Answer = _ => System.Net.HttpStatusCode.BadGateway;
        string? id = await world.SendAsync("Hello");
        await world.DrainAsync();
        Assert.Equal("RETRYING", TestRelay.Text(Assert.Single(await EventsAsync(world, id)), "webhook_update_state"));
        for (int hour = 0; hour < 24 * 9; hour += 6)
        {
            world.Time.Advance(TimeSpan.FromHours(6));
            await world.DrainAsync();
        }

        JsonElement only = Assert.Single(await EventsAsync(world, id));
        Assert.Equal(("SENT", "FAILED"), (TestRelay.Text(only, "delivery_status"), TestRelay.Text(only, "webhook_update_state")));
        Assert.Contains("given up", TestRelay.Text(only, "error_description"), StringComparison.Ordinal);
        Assert.Equal(WebhookStub.Callback.AbsoluteUri, TestRelay.Text(only, "webhook_uri"));
    }

    [Fact]
    public async Task A_message_that_came_in_another_envelope_is_one_entry_under_the_id_that_was_told()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        await ReplayTests.SetWindowAsync(world, 5);
        await world.LoseRelaySessionAsync();
        await world.UserSendsAsync("Lost and found");
        await world.SettleAsync();
        await world.ReceiveAsync();
        await world.SettleAsync();
        Delivery told = Assert.Single(world.Webhook.Deliveries, delivery => delivery.IsMessage);
        string id = told.Summary["message:".Length..];
        Assert.Contains(world.Relay.Rows(TableNames.Conversations), row => row.Columns.ContainsKey("inner"));

        Assert.Single(await EventsAsync(world, id));
        HistoryPages pages = new(world.Running, world.Business);
        Assert.Equal(id, Assert.Single(await pages.WalkAsync($"{world.Business.PhoneNumberId}/message_history"), wamid => wamid == id));
        int before = world.Webhook.Deliveries.Count;
        await ReplayTests.ReplayAsync(world, new { message_id = id });
        await ReplayTests.RunAsync(world);
        Delivery again = Assert.Single(world.Webhook.Deliveries.Skip(before));
        Assert.Equal((told.Summary, told.Id), (again.Summary, again.Id));
    }

    private static async Task<IReadOnlyList<JsonElement>> EventsAsync(PairWorld world, string? id)
    {
        HistoryPages pages = new(world.Running, world.Business);
        JsonElement page = await pages.GetAsync($"{world.Business.PhoneNumberId}/message_history?{Events}&message_id={Uri.EscapeDataString(id ?? "")}");
        JsonElement entry = Assert.Single(page.GetProperty("data").EnumerateArray());
        Assert.Equal(id, TestRelay.Text(entry, "message_id"));
        return [.. entry.GetProperty("events").GetProperty("data").EnumerateArray()];
    }
}
