using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Relay.LocalHost;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>Who is told what: the callback by its routes, and further subscribers with their filters.</summary>
public sealed class SubscriberTests
{
    [Fact]
    public async Task Each_subscriber_gets_what_it_asked_for_under_one_id_and_signed_with_the_app_secret()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using WebhookReceiver app = await WebhookReceiver.StartAsync();
        await using WebhookReceiver all = await WebhookReceiver.StartAsync();
        await using WebhookReceiver incoming = await WebhookReceiver.StartAsync();
        await using WebhookReceiver statuses = await WebhookReceiver.StartAsync();
        await using WebhookReceiver other = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(app);
        JsonElement second = await relay.AdminAsync(
            HttpMethod.Post, $"businesses/{business.Id}/phone_numbers", new { phone_number = TestRelay.RandomNumber(), verified_name = "Second" });
        await business.AddSubscriberAsync(all.Callback, all.VerifyToken);
        await business.AddSubscriberAsync(incoming.Callback, incoming.VerifyToken, business.PhoneNumberId, "messages.messages");
        await business.AddSubscriberAsync(statuses.Callback, statuses.VerifyToken, null, "messages.statuses");
        await business.AddSubscriberAsync(other.Callback, other.VerifyToken, TestRelay.Text(second, "id"), "messages");
        using TestDevice device = await relay.DeviceAsync();

        await device.SendAsync(business.Number, "Hello");
        await relay.DrainAsync();
        string wamid = await business.SendTextAsync(device.Number, "Hi");
        await relay.DrainAsync();

        Assert.Equal(2, app.Told().Count);
        Assert.Equal(app.Told(), all.Told());
        Assert.True(Assert.Single(incoming.Deliveries).IsMessage);
        Assert.Equal([$"sent:{wamid}"], statuses.Told());
        Assert.Empty(other.Deliveries);
        Assert.Equal(app.Deliveries.Select(delivery => delivery.Id), all.Deliveries.Select(delivery => delivery.Id));
        Assert.All([.. all.Deliveries, .. incoming.Deliveries, .. statuses.Deliveries], delivery => Assert.True(delivery.IsSignedBy(business.AppSecret)));
        Assert.Empty(relay.Faults);
    }

    [Fact]
    public async Task A_subscriber_is_listed_without_its_token_removed_and_never_more_than_sixteen()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(receiver);
        string path = $"businesses/{business.Id}/subscribers";
        object good = new { callback_url = receiver.Callback.AbsoluteUri, verify_token = receiver.VerifyToken };
        (HttpStatusCode refused, _) = await relay.TryAdminAsync(HttpMethod.Post, path, new { callback_url = receiver.Callback.AbsoluteUri, verify_token = "wrong" });
        (HttpStatusCode badField, _) = await relay.TryAdminAsync(
            HttpMethod.Post, path, new { callback_url = receiver.Callback.AbsoluteUri, verify_token = receiver.VerifyToken, fields = new[] { "security" } });
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (refused, badField));
        List<string> ids = [];
        for (int i = 0; i < 16; i++)
        {
            ids.Add(TestRelay.Text(await relay.AdminAsync(HttpMethod.Post, path, good), "id"));
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await relay.TryAdminAsync(HttpMethod.Post, path, good)).Status);
        JsonElement listed = await relay.AdminAsync(HttpMethod.Get, path, new { });
        Assert.Equal(["app", .. ids.Order(StringComparer.Ordinal)], listed.GetProperty("data").EnumerateArray().Select(one => TestRelay.Text(one, "id")).OrderBy(id => id.Length).ThenBy(id => id, StringComparer.Ordinal));
        Assert.All(listed.GetProperty("data").EnumerateArray(), one => Assert.Equal("active", TestRelay.Text(one, "status")));
        Assert.DoesNotContain(receiver.VerifyToken, listed.ToString(), StringComparison.Ordinal);

        await relay.AdminAsync(HttpMethod.Delete, $"{path}/{ids[0]}", new { });
        Assert.Equal(HttpStatusCode.BadRequest, (await relay.TryAdminAsync(HttpMethod.Delete, $"{path}/{ids[0]}", new { })).Status);
        await relay.AdminAsync(HttpMethod.Post, path, good);
        TestBusiness stranger = await relay.BusinessAsync(null);
        Assert.Equal(HttpStatusCode.BadRequest, (await relay.TryAdminAsync(HttpMethod.Delete, $"businesses/{stranger.Id}/subscribers/{ids[1]}", new { })).Status);
    }

    [Fact]
    public async Task The_callback_is_the_numbers_else_the_accounts_else_the_apps()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using WebhookReceiver app = await WebhookReceiver.StartAsync();
        await using WebhookReceiver account = await WebhookReceiver.StartAsync();
        await using WebhookReceiver number = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(app);
        string apps = $"v25.0/{business.WabaId}/subscribed_apps";
        string node = $"{business.PhoneNumberId}";

        await AssertToldAsync(relay, business, app);
        await OkAsync(business.PostAsync(Override(account), path: apps));
        await AssertToldAsync(relay, business, account);
        await OkAsync(business.PostAsync($"{{\"webhook_configuration\":{Override(number)}}}", path: "v25.0/" + node));
        await AssertToldAsync(relay, business, number);

        (_, JsonElement shown) = await business.GetAsync($"{node}?fields=webhook_configuration");
        Assert.Equal(
            JsonSerializer.Serialize(new
            {
                id = business.PhoneNumberId,
                webhook_configuration = new
                {
                    application = app.Callback.AbsoluteUri,
                    whatsapp_business_account = account.Callback.AbsoluteUri,
                    phone_number = number.Callback.AbsoluteUri,
                },
            }),
            shown.ToString());
        (_, JsonElement subscribed) = await business.GetAsync(apps);
        Assert.Equal(account.Callback.AbsoluteUri, TestRelay.Text(subscribed.GetProperty("data")[0], "override_callback_uri"));

        await OkAsync(business.PostAsync("{\"webhook_configuration\":{\"override_callback_uri\":\"\"}}", path: node));
        await AssertToldAsync(relay, business, account);
        await OkAsync(business.PostAsync("", path: $"{business.WabaId}/subscribed_apps"));
        await AssertToldAsync(relay, business, app);

        await OkAsync(business.DeleteAsync(apps));
        await business.SendTextAsync(TestRelay.RandomNumber(), "To nobody");
        await relay.DrainAsync();
        Assert.Equal((2, 2, 1), (app.Deliveries.Count, account.Deliveries.Count, number.Deliveries.Count));
        Assert.Equal("[]", (await business.GetAsync(apps)).Answer.GetProperty("data").ToString());
        await OkAsync(business.PostAsync("", path: apps));
        await AssertToldAsync(relay, business, app);
        Assert.Empty(relay.Faults);
    }

    [Fact]
    public async Task An_override_must_answer_the_handshake_and_have_200_characters_at_most()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using WebhookReceiver app = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(app);
        foreach (string body in new[]
        {
            $"{{\"override_callback_uri\":\"{app.Callback.AbsoluteUri}\",\"verify_token\":\"wrong\"}}",
            $"{{\"override_callback_uri\":\"{app.Callback.AbsoluteUri}\"}}",
            $"{{\"override_callback_uri\":\"{app.Callback.AbsoluteUri}?{new string('x', 200)}\",\"verify_token\":\"{app.VerifyToken}\"}}",
            $"{{\"override_callback_uri\":\"http://10.0.0.1/\",\"verify_token\":\"{app.VerifyToken}\"}}",
        })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await business.PostAsync(body, path: $"{business.WabaId}/subscribed_apps")).Status);
            Assert.Equal(HttpStatusCode.BadRequest, (await business.PostAsync($"{{\"webhook_configuration\":{body}}}", path: business.PhoneNumberId)).Status);
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await business.PostAsync("{\"webhook\":{}}", path: business.PhoneNumberId)).Status);
        JsonElement shown = (await business.GetAsync($"{business.PhoneNumberId}?fields=webhook_configuration")).Answer.GetProperty("webhook_configuration");
        Assert.Equal("application", Assert.Single(shown.EnumerateObject()).Name);
    }

    [Fact]
    public async Task A_foreign_number_or_account_is_unknown()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness mine = await relay.BusinessAsync(null);
        TestBusiness other = await relay.BusinessAsync(null);
        (HttpStatusCode, JsonElement)[] answers =
        [
            await mine.GetAsync($"{other.PhoneNumberId}?fields=webhook_configuration"),
            await mine.PostAsync("{\"webhook_configuration\":{\"override_callback_uri\":\"\"}}", path: other.PhoneNumberId),
            await mine.GetAsync($"{other.WabaId}/subscribed_apps"),
            await mine.PostAsync("", path: $"{other.WabaId}/subscribed_apps"),
            await mine.DeleteAsync($"{other.WabaId}/subscribed_apps"),
            await mine.DeleteAsync($"12345/subscribed_apps"),
            await mine.GetAsync("12345"),
        ];
        Assert.All(answers, answer =>
        {
            Assert.Equal(HttpStatusCode.BadRequest, answer.Item1);
            JsonElement error = answer.Item2.GetProperty("error");
            Assert.Equal((100, 33), (error.GetProperty("code").GetInt32(), error.GetProperty("error_subcode").GetInt32()));
        });
    }

    [Fact]
    public async Task A_token_without_management_may_not_override()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        JsonElement token = await relay.AdminAsync(HttpMethod.Post, $"businesses/{business.Id}/access_tokens", new { scopes = new[] { "whatsapp_business_messaging" } });
        (_, JsonElement answer) = await business.PostAsync("", token: TestRelay.Text(token, "access_token"), path: $"{business.WabaId}/subscribed_apps");
        Assert.Equal(200, answer.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task One_that_is_away_is_told_later_and_the_row_stays_open_for_it_alone()
    {
        FakeTimeProvider time = new(DateTimeOffset.UnixEpoch.AddYears(56));
        MemoryAccount account = new(time);
        await using TestRelay relay = await TestRelay.StartAsync(new LocalRelayOptions { Time = time, RelayStorage = new(account.Tables, account.Queues, account.Blobs) });
        await using WebhookReceiver app = await WebhookReceiver.StartAsync();
        await using WebhookReceiver further = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(app);
        string id = await business.AddSubscriberAsync(further.Callback, further.VerifyToken);
        further.Status = 503;
        string wamid = await business.SendTextAsync(TestRelay.RandomNumber(), "Hi");
        await relay.DrainAsync();

        Assert.Equal([$"failed:{wamid}"], app.Told());
        TableRow open = Assert.Single(account.Rows(TableNames.Conversations), row => row.RowKey.StartsWith("W:", StringComparison.Ordinal));
        Assert.Equal((true, 2, 1), (open.Get<bool>("pending"), open.Get<int>("s_app"), open.Get<int>("s_" + id)));
        Assert.NotEmpty(open.Get<byte[]>("p"));

        further.Status = 200;
        time.Advance(TimeSpan.FromSeconds(5));
        await relay.DrainAsync();
        Assert.Equal([$"failed:{wamid}"], further.Told());
        Assert.Single(app.Deliveries);
        TableRow closed = Assert.Single(account.Rows(TableNames.Conversations), row => row.RowKey.StartsWith("W:", StringComparison.Ordinal));
        Assert.Equal((false, 2, 2), (closed.Get<bool>("pending"), closed.Get<int>("s_app"), closed.Get<int>("s_" + id)));
        Assert.Empty(closed.Get<byte[]>("p"));
        Assert.Empty(relay.Faults);
    }

    [Fact]
    public async Task A_subscriber_that_is_added_later_is_told_nothing_that_was_before_and_one_that_is_removed_holds_nothing_open()
    {
        FakeTimeProvider time = new(DateTimeOffset.UnixEpoch.AddYears(56));
        MemoryAccount account = new(time);
        await using TestRelay relay = await TestRelay.StartAsync(new LocalRelayOptions { Time = time, RelayStorage = new(account.Tables, account.Queues, account.Blobs) });
        await using WebhookReceiver app = await WebhookReceiver.StartAsync();
        await using WebhookReceiver further = await WebhookReceiver.StartAsync();
        await using WebhookReceiver late = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(app);
        string id = await business.AddSubscriberAsync(further.Callback, further.VerifyToken);
        further.Status = 503;
        await business.SendTextAsync(TestRelay.RandomNumber(), "Hi");
        await relay.DrainAsync();

        time.Advance(TimeSpan.FromSeconds(1));
        await business.AddSubscriberAsync(late.Callback, late.VerifyToken);
        await relay.AdminAsync(HttpMethod.Delete, $"businesses/{business.Id}/subscribers/{id}", new { });
        time.Advance(TimeSpan.FromSeconds(5));
        await relay.DrainAsync();
        Assert.Empty(late.Deliveries);
        Assert.Empty(account.Queues.Everything());
        Assert.All(account.Rows(TableNames.Conversations), row => Assert.False(row.Get("pending", false)));
    }

    private static string Override(WebhookReceiver receiver) =>
        JsonSerializer.Serialize(new { override_callback_uri = receiver.Callback.AbsoluteUri, verify_token = receiver.VerifyToken });

    private static async Task OkAsync(Task<(HttpStatusCode Status, JsonElement Answer)> call)
    {
        (HttpStatusCode status, JsonElement answer) = await call;
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
    }

    private static async Task AssertToldAsync(TestRelay relay, TestBusiness business, WebhookReceiver receiver)
    {
        string wamid = await business.SendTextAsync(TestRelay.RandomNumber(), "To nobody");
        await relay.DrainAsync();
        Assert.Equal($"failed:{wamid}", receiver.Told()[^1]);
    }
}
