using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Relay.LocalHost;
using Relay.Shared.PhoneNumbers.Blocking;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.PhoneNumbers;

/// <summary>Whom a number blocks, through the front door and with real devices.</summary>
public sealed class BlockUsersTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 2, 10, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_blocked_user_is_neither_heard_nor_sent_to_until_unblocked_and_the_session_goes_on()
    {
        await using TestRelay relay = await StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(receiver);
        using TestDevice device = await relay.DeviceAsync();
        string path = $"v25.0/{business.PhoneNumberId}/block_users";
        await device.SendAsync(business.Number, "Hello");
        await relay.DrainAsync();

        JsonElement blocked = await business.PostAsync(Body(device.Number), path: path).OkAsync();
        Assert.Equal(Reply("added_users", device.Number, device.Digits), blocked.GetRawText());
        Assert.Equal(device.Digits, TestRelay.Text(Assert.Single((await business.GetAsync(path).OkAsync()).Items()), "wa_id"));
        await business.PostAsync(TestBusiness.Text(device.Number, "No")).FailsAsync(130403);
        await device.SendAsync(business.Number, "Do you hear me?");
        await device.SendAsync(business.Number, "Do you?");
        await relay.DrainAsync();
        Assert.Single(receiver.Deliveries);

        JsonElement unblocked = await DeleteAsync(relay, business, $"{business.PhoneNumberId}/block_users", Body(device.Digits)).OkAsync();
        Assert.Equal(Reply("removed_users", device.Digits, device.Digits), unblocked.GetRawText());
        Assert.Empty((await business.GetAsync(path).OkAsync()).Items());
        await device.SendAsync(business.Number, "Now?");
        await relay.DrainAsync();
        Assert.Equal("Now?", TestRelay.Text(receiver.Deliveries.Last().Message.GetProperty("text"), "body"));
        Assert.Equal(2, receiver.Deliveries.Count);
        await business.SendTextAsync(device.Number, "Yes");
        await relay.DrainAsync();
        Assert.Equal("Yes", Assert.Single(await device.ReceiveAsync()).Text);
        Assert.Empty(relay.Faults);
    }

    [Fact]
    public async Task Only_who_wrote_within_a_day_can_be_blocked_and_the_others_stand_beside_an_error()
    {
        await using TestRelay relay = await StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        using TestDevice early = await relay.DeviceAsync();
        using TestDevice late = await relay.DeviceAsync();
        using TestDevice silent = await relay.DeviceAsync();
        await early.SendAsync(business.Number, "Hello");
        await business.SendTextAsync(silent.Number, "Hello");
        await relay.DrainAsync();
        _time.Advance(RecentContact.Window + TimeSpan.FromSeconds(1));
        await late.SendAsync(business.Number, "Hello");
        await relay.DrainAsync();

        (HttpStatusCode status, JsonElement answer) = await business.PostAsync(
            Body(early.Number, late.Number, silent.Number, "nobody", business.Number, TestRelay.RandomNumber()), path: $"v25.0/{business.PhoneNumberId}/block_users");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(139100, answer.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(22, TestRelay.Text(answer.GetProperty("error"), "fbtrace_id").Length);
        JsonElement users = answer.GetProperty("block_users");
        Assert.Equal(late.Digits, TestRelay.Text(Assert.Single(users.GetProperty("added_users").EnumerateArray()), "wa_id"));
        JsonElement[] failed = [.. users.GetProperty("failed_users").EnumerateArray()];
        Assert.Equal([131047, 131047, 100, 100, 131047], failed.Select(one => one.GetProperty("errors")[0].GetProperty("code").GetInt32()));
        Assert.Equal(["input", "wa_id", "errors"], failed[0].Names());
        Assert.Equal(["input", "errors"], failed[2].Names());

        // A repeat needs no new message.
        _time.Advance(RecentContact.Window);
        await business.PostAsync(Body(late.Number), path: $"v25.0/{business.PhoneNumberId}/block_users").OkAsync();
    }

    [Fact]
    public async Task Who_cannot_be_blocked_leaves_nothing()
    {
        MemoryAccount account = new(_time);
        await using TestRelay relay = await StartAsync(new LocalRelayOptions { RelayStorage = new RelayStorage(account.Tables, account.Queues, account.Blobs) });
        TestBusiness business = await relay.BusinessAsync(null);
        await business.SendTextAsync(TestRelay.RandomNumber(), "So that there is a key for looking up users");
        await relay.DrainAsync();
        IReadOnlyList<string> before = account.Dump();
        await business.PostAsync(Body(TestRelay.RandomNumber(), "nobody"), path: $"{business.PhoneNumberId}/block_users").FailsAsync(139100);
        await DeleteAsync(relay, business, $"{business.PhoneNumberId}/block_users", Body(TestRelay.RandomNumber())).OkAsync();
        await business.GetAsync($"{business.PhoneNumberId}/block_users").OkAsync();

        Assert.Equal(before, account.Dump());
    }

    [Fact]
    public async Task A_block_outlives_the_number_that_it_can_show()
    {
        MemoryAccount account = new(_time);
        await using TestRelay relay = await StartAsync(new LocalRelayOptions { RelayStorage = new RelayStorage(account.Tables, account.Queues, account.Blobs) });
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(receiver);
        using TestDevice device = await relay.DeviceAsync();
        string path = $"v25.0/{business.PhoneNumberId}/block_users";
        await device.SendAsync(business.Number, "Hello");
        await relay.DrainAsync();
        await business.PostAsync(Body(device.Number), path: path).OkAsync();
        Assert.DoesNotContain(device.Digits, string.Join('\n', account.Dump()), StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromDays(20));
        await device.SendAsync(business.Number, "Still there?");
        await relay.DrainAsync();
        _time.Advance(TimeSpan.FromDays(20));
        Assert.Single((await business.GetAsync(path).OkAsync()).Items());

        _time.Advance(TimeSpan.FromDays(10));
        Assert.Empty((await business.GetAsync(path).OkAsync()).Items());
        await business.PostAsync(TestBusiness.Text(device.Number, "No")).FailsAsync(130403);
        await DeleteAsync(relay, business, path, Body(device.Number)).OkAsync();
        Assert.Single(account.Rows(TableNames.Blocks));
    }

    [Fact]
    public async Task An_erased_user_is_not_blocked_any_more_and_a_closed_business_blocks_nobody()
    {
        MemoryAccount account = new(_time);
        await using TestRelay relay = await StartAsync(new LocalRelayOptions { RelayStorage = new RelayStorage(account.Tables, account.Queues, account.Blobs) });
        TestBusiness business = await relay.BusinessAsync(null);
        using TestDevice device = await relay.DeviceAsync();
        using TestDevice other = await relay.DeviceAsync();
        await device.SendAsync(business.Number, "Hello");
        await other.SendAsync(business.Number, "Hello");
        await relay.DrainAsync();
        await business.PostAsync(Body(device.Number, other.Number), path: $"v25.0/{business.PhoneNumberId}/block_users").OkAsync();
        Assert.Equal(3, account.Rows(TableNames.Blocks).Count());

        JsonElement exported = await business.GetAsync($"relay/v1/contacts/{device.Digits}/export").OkAsync();
        Assert.Equal(business.PhoneNumberId, Assert.Single(exported.GetProperty("blocked_by").EnumerateArray()).GetString());
        await business.DeleteAsync($"relay/v1/contacts/{device.Digits}").OkAsync();
        Assert.Equal(other.Digits, TestRelay.Text(Assert.Single((await business.GetAsync($"{business.PhoneNumberId}/block_users").OkAsync()).Items()), "wa_id"));

        await business.PostAsync("""{"messaging_product":"whatsapp","pin":"123456"}""", path: $"{business.PhoneNumberId}/register").OkAsync();
        await relay.AdminAsync(HttpMethod.Delete, $"businesses/{business.Id}", new { });
        for (int i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(10));
            await relay.DrainAsync();
        }

        Assert.Empty(account.Rows(TableNames.Blocks));
        Assert.Empty(account.Rows(TableNames.Details));
    }

    [Fact]
    public async Task What_breaks_a_rule_is_told_and_a_strangers_list_is_none()
    {
        await using TestRelay relay = await StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        TestBusiness stranger = await relay.BusinessAsync(null);
        string path = $"{business.PhoneNumberId}/block_users";
        string management = TestRelay.Text(
            await relay.AdminAsync(HttpMethod.Post, $"businesses/{business.Id}/access_tokens", new { scopes = new[] { "whatsapp_business_management" } }), "access_token");
        foreach ((string body, int code) in new[]
        {
            ("""{"block_users":[{"user":"+4915112345678"}]}""", 131008),
            ("""{"messaging_product":"whatsapp"}""", 100),
            ("""{"messaging_product":"whatsapp","block_users":[]}""", 100),
            ("""{"messaging_product":"whatsapp","block_users":["+4915112345678"]}""", 100),
            (Body([.. Enumerable.Range(0, 1_001).Select(i => $"+491511{i:D7}")]), 100),
        })
        {
            await business.PostAsync(body, path: path).FailsAsync(code);
            await DeleteAsync(relay, business, path, body).FailsAsync(code);
        }

        string good = Body("+4915112345678");
        await stranger.PostAsync(good, path: path).FailsAsync(100, 33);
        await DeleteAsync(relay, stranger, path, good).FailsAsync(100, 33);
        await stranger.GetAsync(path).FailsAsync(100, 33);
        await business.PostAsync(good, token: management, path: path).FailsAsync(200);
        await DeleteAsync(relay, business, path, good).OkAsync();
        await business.GetAsync($"{path}?limit=0").FailsAsync(100);
    }

    [Fact]
    public async Task The_list_has_a_limit_that_holds_also_when_many_add_at_once()
    {
        await using TestRelay relay = await StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        BusinessId id = BusinessId.Parse(business.Id);
        PhoneNumberId number = PhoneNumberId.Parse(business.PhoneNumberId);
        TestDevice[] devices = [await relay.DeviceAsync(), await relay.DeviceAsync(), await relay.DeviceAsync(), await relay.DeviceAsync()];
        foreach (TestDevice device in devices)
        {
            await device.SendAsync(business.Number, "Hello");
        }

        await relay.DrainAsync();
        ITableStore tables = relay.Local.Services.GetRequiredService<RelayStorage>().Tables;
        await tables.CommitAsync(
            TableNames.Blocks,
            id.Value,
            [TableWrite.Insert("h" + number.Value, new Dictionary<string, object> { ["count"] = BlockStore.MaxBlocks - 2, ["version"] = "0" })],
            CancellationToken.None);

        (HttpStatusCode Status, JsonElement Answer)[] answers = await Task.WhenAll(
            devices.Select(device => business.PostAsync(Body(device.Number), path: $"{business.PhoneNumberId}/block_users")));

        Assert.Equal(2, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => Assert.Equal(139101, answer.Answer.GetProperty("error").GetProperty("code").GetInt32()));
        Assert.Equal(BlockStore.MaxBlocks, (await relay.Local.Services.GetRequiredService<BlockStore>().FindHeadAsync(id, number, CancellationToken.None))!.Count);
        foreach (TestDevice device in devices)
        {
            device.Dispose();
        }
    }

    private Task<TestRelay> StartAsync(LocalRelayOptions? options = null) => TestRelay.StartAsync((options ?? new LocalRelayOptions()) with { Time = _time });

    private static string Reply(string member, string input, string waId) =>
        $"{{\"messaging_product\":\"whatsapp\",\"block_users\":{{\"{member}\":[{{\"input\":\"{input}\",\"wa_id\":\"{waId}\"}}]}}}}";

    private static string Body(params string[] users) =>
        JsonSerializer.Serialize(new { messaging_product = "whatsapp", block_users = users.Select(user => new { user }) });

    private static async Task<(HttpStatusCode Status, JsonElement Answer)> DeleteAsync(TestRelay relay, TestBusiness business, string path, string body)
    {
        using HttpRequestMessage request = new(HttpMethod.Delete, new Uri(relay.Local.BaseAddress, path)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", business.AccessToken);
        using HttpResponseMessage response = await relay.Http.SendAsync(request);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }
}
