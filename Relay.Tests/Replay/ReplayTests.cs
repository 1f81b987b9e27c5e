using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Relay.LocalHost;
using Relay.Shared.Storage;
using Relay.Tests.History;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Replay;

/// <summary>What a business has told again: by window of time and by id, under the webhook-id it had, and only what is still kept.</summary>
public sealed class ReplayTests
{
    [Fact]
    public async Task A_window_of_time_is_told_again_under_the_same_ids()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        await SetWindowAsync(world, 7);
        string? early = await world.SendAsync("Too early");
        await world.SettleAsync();
        world.Time.Advance(TimeSpan.FromHours(2));
        long since = world.Time.GetUtcNow().ToUnixTimeSeconds();
        string? id = await world.SendAsync("Hello");
        await world.UserSendsAsync("Hi");
        await world.CheckAsync();
        Delivery[] first = [.. world.Webhook.Deliveries];
        world.Time.Advance(TimeSpan.FromDays(3));

        await ReplayAsync(world, new { since });
        await RunAsync(world);
        Delivery[] again = [.. world.Webhook.Deliveries.Skip(first.Length)];
        Assert.Equal(
            first.Where(delivery => !delivery.Summary.EndsWith($"{early}", StringComparison.Ordinal) || delivery.Summary.StartsWith("delivered", StringComparison.Ordinal)).Select(Mark).Order(),
            again.Select(Mark).Order());
        Assert.Contains(again, delivery => delivery.Summary == $"sent:{id}");
        Assert.Contains(again, delivery => delivery.IsMessage);
        Assert.Empty(world.Relay.Queues.Everything());

        await ReplayAsync(world, new { since, events = new[] { "messages" } });
        await RunAsync(world);
        Assert.True(Assert.Single(world.Webhook.Deliveries.Skip(first.Length + again.Length)).IsMessage);
    }

    [Fact]
    public async Task One_message_is_told_again_by_its_id()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        await SetWindowAsync(world, 1);
        string? id = await world.SendAsync("Hello");
        await world.UserSendsAsync("Hi");
        await world.CheckAsync();
        Delivery[] first = [.. world.Webhook.Deliveries];

        await ReplayAsync(world, new { message_id = id });
        await RunAsync(world);
        Assert.Equal([$"delivered:{id}", $"sent:{id}"], Again().Order());
        string users = first.Single(delivery => delivery.IsMessage).Summary;
        await ReplayAsync(world, new { message_id = users["message:".Length..], subscriber = "app" });
        await RunAsync(world);
        Assert.Equal(users, Again().Last());
        await ReplayAsync(world, new { message_id = id, subscriber = "0123456789abcdef" });
        await RunAsync(world);
        Assert.Equal(3, Again().Length);

        string[] Again() => [.. world.Webhook.Deliveries.Skip(first.Length).Select(delivery => delivery.Summary)];
    }

    [Fact]
    public async Task Without_a_window_nothing_told_is_kept_and_what_was_given_up_is_told()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        await world.UserSendsAsync("Told");
        await world.CheckAsync();
        int told = world.Webhook.Deliveries.Count;
        long since = world.Time.GetUtcNow().ToUnixTimeSeconds() - 60;
        await ReplayAsync(world, new { since });
        await RunAsync(world);
        Assert.Equal(told, world.Webhook.Deliveries.Count);

        world.Webhook.Answer = _ => HttpStatusCode.InternalServerError;
        await world.UserSendsAsync("Given up");
        for (int hour = 0; hour < (9 * 24); hour += 6)
        {
            await world.DrainAsync();
            world.Time.Advance(TimeSpan.FromHours(6));
        }

        await world.DrainAsync();
        Assert.Empty(world.Relay.Queues.Everything());
        world.Webhook.Answer = _ => HttpStatusCode.OK;
        await world.SetWebhookAsync();
        await ReplayAsync(world, new { since });
        await RunAsync(world);
        Assert.Equal("Given up", world.Webhook.Deliveries.Last(delivery => delivery.Accepted).Message.GetProperty("text").GetProperty("body").GetString());
        Assert.All(world.Relay.Rows(TableNames.Conversations), row => Assert.False(row.Get("pending", false), row.RowKey));
    }

    [Fact]
    public async Task What_nobody_could_be_told_is_told_when_there_is_a_callback()
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
        await using TestRelay relay = await TestRelay.StartAsync(new LocalRelayOptions { Time = time });
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        using TestDevice device = await relay.DeviceAsync();
        string id = await business.SendTextAsync(device.Number, "Hello");
        await device.SendAsync(business.Number, "Hi");
        await relay.DrainAsync();
        long since = relay.Local.Options.Time.GetUtcNow().ToUnixTimeSeconds() - 600;
        HistoryPages pages = new(relay, business);
        JsonElement history = await pages.GetAsync($"{business.PhoneNumberId}/message_history?message_id={Uri.EscapeDataString(id)}&fields=events{{webhook_update_state}}");
        Assert.Equal("PENDING", TestRelay.Text(history.GetProperty("data")[0].GetProperty("events").GetProperty("data")[0], "webhook_update_state"));

        await business.SetWebhookAsync(receiver);
        (HttpStatusCode status, _) = await business.PostAsync(JsonSerializer.Serialize(new { since }), path: $"relay/v1/phone_numbers/{business.PhoneNumberId}/replay");
        Assert.Equal(HttpStatusCode.OK, status);
        for (int second = 0; second < 3; second++)
        {
            await relay.DrainAsync();
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, receiver.Told().Count);
        Assert.Contains($"sent:{id}", receiver.Told());
    }

    [Fact]
    public async Task A_subscriber_that_came_later_is_told_what_was_before_it_and_nobody_else_is()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        await SetWindowAsync(world, 5);
        string? id = await world.SendAsync("Hello");
        await world.SettleAsync();
        world.Time.Advance(TimeSpan.FromSeconds(1));
        await world.UserSendsAsync("Hi");
        await world.SettleAsync();
        world.Time.Advance(TimeSpan.FromSeconds(1));
        await world.CheckAsync();
        Delivery[] first = [.. world.Webhook.Deliveries];
        world.Time.Advance(TimeSpan.FromHours(1));
        string late = TestRelay.Text(
            await world.Running.AdminAsync(
                HttpMethod.Post, $"businesses/{world.Business.Id}/subscribers", new { callback_url = WebhookStub.Callback.AbsoluteUri + "?late", verify_token = "verify" }),
            "id");

        await ReplayAsync(world, new { since = world.Time.GetUtcNow().ToUnixTimeSeconds() - 7_200, subscriber = late });
        await RunAsync(world);
        Assert.Equal(first.Select(Mark), world.Webhook.Deliveries.Skip(first.Length).Select(Mark));
        Assert.All(world.Relay.Rows(TableNames.Conversations), row => Assert.False(row.Get("pending", false), row.RowKey));
        JsonElement history = await new HistoryPages(world.Running, world.Business).GetAsync(
            $"{world.Business.PhoneNumberId}/message_history?message_id={Uri.EscapeDataString(id ?? "")}&fields=events{{delivery_status,webhook_update_state,webhook_uri}}");
        Assert.Equal(4, history.GetProperty("data")[0].GetProperty("events").GetProperty("data").EnumerateArray()
            .Count(one => TestRelay.Text(one, "webhook_update_state") == "DELIVERED"));
    }

    [Fact]
    public async Task Many_rows_are_told_again_in_slices_also_when_each_is_delivered_twice()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted, null, options => options with { DeliverTwice = true });
        await SetWindowAsync(world, 2);
        HistoryPages pages = new(world.Running, world.Business);
        int rows = 0;
        for (int i = 0; i < 40; i++)
        {
            rows += (await pages.PutAsync(pages.NewConversation(), 4, 4)).Count;
        }

        await ReplayAsync(world, new { since = world.Time.GetUtcNow().ToUnixTimeSeconds() - 5 });
        for (int slice = 0; slice < 12; slice++)
        {
            await world.DrainAsync();
            Assert.InRange(world.Relay.Queues.Everything().Count, 0, 1);
            world.Time.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(rows, world.Webhook.Told().Distinct().Count());
        Assert.InRange(world.Webhook.Deliveries.Count, rows, rows + 10);
        Assert.Empty(world.Relay.Queues.Everything());
    }

    [Theory]
    [InlineData("""{}""", 131008)]
    [InlineData("""{"until":1}""", 131008)]
    [InlineData("""{"since":1}""", 131009)]
    [InlineData("""{"since":99999999999}""", 131009)]
    [InlineData("""{"since":-5}""", 131009)]
    [InlineData("""{"message_id":"wamid.AAAA"}""", 131009)]
    [InlineData("""{"message_id":"wamid.AAAA","since":1}""", 131009)]
    [InlineData("""{"since":$,"events":[]}""", 131009)]
    [InlineData("""{"since":$,"events":["calls"]}""", 131009)]
    [InlineData("""{"since":$,"events":[null]}""", 131009)]
    [InlineData("""{"since":$,"subscriber":"everybody"}""", 131009)]
    [InlineData("""{"since":$,"until":5}""", 131009)]
    [InlineData("""{"since":"soon"}""", 100)]
    public async Task What_makes_no_sense_is_refused_and_queues_nothing(string body, int code)
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        string now = world.Time.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        string json = body.Replace("$", now, StringComparison.Ordinal);
        await HistoryPages.RefusedAsync(world.Business.PostAsync(json, path: Path(world)), code);
        Assert.Empty(world.Relay.Queues.Everything());
    }

    [Fact]
    public async Task It_takes_a_token_of_the_business_that_may_manage()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        TestBusiness other = await relay.BusinessAsync(null);
        string path = $"relay/v1/phone_numbers/{business.PhoneNumberId}/replay";
        string body = JsonSerializer.Serialize(new { since = relay.Local.Options.Time.GetUtcNow().ToUnixTimeSeconds() - 5 });
        string messaging = TestRelay.Text(
            await relay.AdminAsync(HttpMethod.Post, $"businesses/{business.Id}/access_tokens", new { scopes = new[] { "whatsapp_business_messaging" } }), "access_token");
        await HistoryPages.RefusedAsync(business.PostAsync(body, token: messaging, path: path), 200);
        string foreign = await HistoryPages.RefusedAsync(other.PostAsync(body, path: path), 100, 33);
        string unknown = await HistoryPages.RefusedAsync(other.PostAsync(body, path: "relay/v1/phone_numbers/123/replay"), 100, 33);
        Assert.Equal(unknown, foreign);
    }

    internal static Task SetWindowAsync(PairWorld world, int days) =>
        world.Running.AdminAsync(HttpMethod.Put, $"businesses/{world.Business.Id}/replay_window", new { days });

    internal static async Task ReplayAsync(PairWorld world, object body)
    {
        (HttpStatusCode status, JsonElement answer) = await world.Business.PostAsync(JsonSerializer.Serialize(body), path: Path(world));
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        Assert.True(answer.GetProperty("success").GetBoolean());
    }

    /// <summary>Until no slice is left.</summary>
    internal static async Task RunAsync(PairWorld world)
    {
        for (int slice = 0; slice < 5; slice++)
        {
            await world.DrainAsync();
            world.Time.Advance(TimeSpan.FromSeconds(2));
        }
    }

    private static string Mark(Delivery delivery) => $"{delivery.Summary} {delivery.Id} {Convert.ToBase64String(delivery.Body)}";

    private static string Path(PairWorld world) => $"relay/v1/phone_numbers/{world.Business.PhoneNumberId}/replay";
}
