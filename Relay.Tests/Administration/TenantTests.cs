using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Relay.LocalHost;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Administration;

/// <summary>Businesses, numbers, tokens, system users and webhooks by the admin API, as an operator meets them.</summary>
public sealed class TenantTests
{
    [Fact]
    public async Task Businesses_are_listed_page_by_page_shown_and_renamed()
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        List<string> made = [];
        for (int i = 0; i < 5; i++)
        {
            made.Add(await world.BusinessAsync($"Business {i}"));
        }

        List<string> found = [];
        string after = "";
        do
        {
            JsonElement page = (await world.DoAsync(HttpMethod.Get, $"businesses?limit=2{after}")).Json;
            found.AddRange(page.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("id").GetString()!));
            after = page.TryGetProperty("next", out JsonElement next) ? "&after=" + next.GetString() : "";
        }
        while (after.Length > 0);
        Assert.Equal(made.Order(StringComparer.Ordinal), found);
        Assert.Equal(["100", "100"], [(await world.GetAsync("businesses?limit=101")).Error, (await world.GetAsync("businesses?after=x")).Error]);

        await world.DoAsync(HttpMethod.Put, $"businesses/{made[0]}/name", new { name = "Gärtnerei" });
        JsonElement shown = (await world.DoAsync(HttpMethod.Get, $"businesses/{made[0]}")).Json;
        Assert.Equal(
            ("Gärtnerei", 0, 0, 0, "x3dh,pqxdh,pqxdh_spqr"),
            (shown.GetProperty("name").GetString(), shown.GetProperty("phone_numbers").GetInt32(), shown.GetProperty("access_tokens").GetInt32(), shown.GetProperty("replay_window_days").GetInt32(),
                string.Join(',', shown.GetProperty("signal_protocols").EnumerateArray())));
        Assert.Equal(
            shown.GetProperty("waba_id").GetString(),
            Assert.Single((await world.DoAsync(HttpMethod.Get, $"businesses/{made[0]}/wabas")).Json.GetProperty("data").EnumerateArray()).GetProperty("id").GetString());
        Assert.DoesNotContain("secret", shown.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("131009", (await world.CallAsync(HttpMethod.Put, $"businesses/{made[0]}/name", new { name = "" })).Error);
    }

    [Fact]
    public async Task A_rotated_secret_signs_at_once_and_the_one_before_opens_for_its_time()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using AdminWorld world = await AdminWorld.StartAsync();
        TestBusiness business = await world.Running.BusinessAsync(receiver);
        string app = (await world.DoAsync(HttpMethod.Get, $"businesses/{business.Id}")).Text("app_id");
        string oldToken = await AppTokenAsync(world, app, business.AppSecret) ?? throw new InvalidOperationException("No token.");

        AdminAnswer rotated = await world.DoAsync(HttpMethod.Post, $"businesses/{business.Id}/app_secret", new { overlap_hours = 2 });
        string secret = rotated.Text("app_secret");
        Assert.NotEqual(business.AppSecret, secret);
        Assert.Equal(world.Time.GetUtcNow().AddHours(2).ToUnixTimeSeconds(), rotated.Json.GetProperty("previous_until").GetInt64());

        using TestDevice device = await world.Running.DeviceAsync();
        await device.SendAsync(business.Number, "Hello");
        await world.Running.DrainAsync();
        Delivery told = Assert.Single(receiver.Deliveries);
        Assert.Equal("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.ASCII.GetBytes(secret), told.Body)), told.Signature);

        Assert.NotNull(await AppTokenAsync(world, app, secret));
        string overlap = await AppTokenAsync(world, app, business.AppSecret) ?? throw new InvalidOperationException("The secret before opens nothing.");
        Assert.True(await IsGoodAsync(world, oldToken) && await IsGoodAsync(world, overlap) && await IsGoodAsync(world, $"{app}|{business.AppSecret}"));
        world.Time.Advance(TimeSpan.FromHours(2));
        Assert.Null(await AppTokenAsync(world, app, business.AppSecret));
        Assert.False(await IsGoodAsync(world, oldToken) || await IsGoodAsync(world, overlap) || await IsGoodAsync(world, $"{app}|{business.AppSecret}"));
        Assert.True(await IsGoodAsync(world, $"{app}|{secret}"));

        string last = (await world.DoAsync(HttpMethod.Post, $"businesses/{business.Id}/app_secret", new { overlap_hours = 0 })).Text("app_secret");
        Assert.True(!await IsGoodAsync(world, $"{app}|{secret}") && await IsGoodAsync(world, $"{app}|{last}"));
        Assert.Equal("131009", (await world.CallAsync(HttpMethod.Post, $"businesses/{business.Id}/app_secret", new { overlap_hours = 169 })).Error);
    }

    [Fact]
    public async Task Numbers_are_listed_shown_and_taken_out_of_use_until_they_are_registered_again()
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        TestBusiness business = await world.Running.BusinessAsync(null);
        JsonElement listed = Assert.Single((await world.DoAsync(HttpMethod.Get, $"businesses/{business.Id}/phone_numbers")).Json.GetProperty("data").EnumerateArray());
        Assert.Equal(
            (business.PhoneNumberId, business.Number, "Test", "CONNECTED", "STANDARD"),
            (TestRelay.Text(listed, "id"), TestRelay.Text(listed, "display_phone_number"), TestRelay.Text(listed, "verified_name"), TestRelay.Text(listed, "status"), TestRelay.Text(listed, "throughput")));

        await world.DoAsync(HttpMethod.Post, $"businesses/{business.Id}/phone_numbers/{business.PhoneNumberId}/deregister");
        Assert.Equal("DISCONNECTED", (await world.DoAsync(HttpMethod.Get, $"businesses/{business.Id}/phone_numbers/{business.PhoneNumberId}")).Text("status"));
        Assert.Equal(133010, (await business.PostKeyedAsync(TestBusiness.Text("4915712345678", "Hi"))).Code);
        await world.DoAsync(HttpMethod.Post, $"businesses/{business.Id}/phone_numbers", new { phone_number = business.Number, verified_name = "Test" });
        Assert.Equal("CONNECTED", (await world.DoAsync(HttpMethod.Get, $"businesses/{business.Id}/phone_numbers/{business.PhoneNumberId}")).Text("status"));
        string other = await world.BusinessAsync();
        Assert.Equal("100/33", (await world.GetAsync($"businesses/{other}/phone_numbers/{business.PhoneNumberId}")).Error);
        Assert.Equal("100/33", (await world.CallAsync(HttpMethod.Post, $"businesses/{other}/phone_numbers/{business.PhoneNumberId}/deregister")).Error);
        Assert.Equal("100/33", (await world.CallAsync(HttpMethod.Delete, $"businesses/{other}/phone_numbers/{business.PhoneNumberId}")).Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_removed_number_and_a_closed_business_s_are_free_for_anybody(bool closes)
    {
        MemoryTableStore tables = new();
        FakeTimeProvider time = AdminWorld.Clock();
        await using AdminWorld world = await AdminWorld.StartAsync(
            new LocalRelayOptions { RelayStorage = new RelayStorage(tables, new MemoryQueueStore(time), new MemoryBlobStore()) }, time);
        TestBusiness business = await world.Running.BusinessAsync(null);
        string other = await world.BusinessAsync();
        object asked = new { phone_number = business.Number, verified_name = "Other" };
        Assert.Equal("131009", (await world.CallAsync(HttpMethod.Post, $"businesses/{other}/phone_numbers", asked)).Error);
        await business.PostAsync("""{"messaging_product":"whatsapp","about":"Hello"}""", path: $"v25.0/{business.PhoneNumberId}/whatsapp_business_profile");

        string path = $"businesses/{business.Id}" + (closes ? "" : $"/phone_numbers/{business.PhoneNumberId}");
        if (!closes)
        {
            Assert.Equal("131009", (await world.CallAsync(HttpMethod.Delete, path)).Error);
            await world.DoAsync(HttpMethod.Post, path + "/deregister");
        }

        await world.DoAsync(HttpMethod.Delete, path);
        Assert.Equal(HttpStatusCode.OK, (await world.CallAsync(HttpMethod.Post, $"businesses/{other}/phone_numbers", asked)).Status);
        if (!closes)
        {
            Assert.Equal("100/33", (await world.CallAsync(HttpMethod.Delete, path)).Error);
            Assert.Equal("100", $"{(await business.PostKeyedAsync(TestBusiness.Text("4915712345678", "Hi"))).Code}");
            foreach ((string table, string partition) in new[] { (TableNames.Numbers, business.Id), (TableNames.Details, business.Id), (TableNames.PreKeys, business.PhoneNumberId) })
            {
                Assert.Empty(await tables.QueryAsync(table, TableRange.Partition(partition, 1_000), CancellationToken.None).ToListAsync());
            }
        }

        using TestDevice device = await world.Running.DeviceAsync();
        await device.SendAsync(business.Number, "Hello");
    }

    [Fact]
    public async Task A_removed_number_s_messages_go_when_it_said()
    {
        FakeTimeProvider time = AdminWorld.Clock();
        MemoryAccount account = new(time);
        await using AdminWorld world = await AdminWorld.StartAsync(
            new LocalRelayOptions { RelayStorage = new RelayStorage(account.Tables, account.Queues, account.Blobs) }, time);
        TestBusiness business = await world.Running.BusinessAsync(null);
        await business.PostAsync("""{"storage_configuration":{"status":"NO_STORAGE_ENABLED","retention_minutes":60}}""", path: $"v25.0/{business.PhoneNumberId}/settings");
        await world.Running.Local.InvokeTimerAsync("EraseDue", CancellationToken.None);
        using TestDevice device = await world.Running.DeviceAsync();
        await business.SendTextAsync(device.Digits, "Hello");
        await world.Running.DrainAsync();
        Assert.Contains(account.Rows(TableNames.Conversations), row => row.RowKey.StartsWith("O:", StringComparison.Ordinal));

        string path = $"businesses/{business.Id}/phone_numbers/{business.PhoneNumberId}";
        await world.DoAsync(HttpMethod.Post, path + "/deregister");
        await world.DoAsync(HttpMethod.Delete, path);
        for (int i = 0; i < 15; i++)
        {
            time.Advance(TimeSpan.FromMinutes(10));
            await world.Running.Local.InvokeTimerAsync("EraseDue", CancellationToken.None);
        }

        Assert.DoesNotContain(account.Rows(TableNames.Conversations), row => row.RowKey.StartsWith("O:", StringComparison.Ordinal));
        Assert.Contains(account.Rows(TableNames.Businesses), row => row.RowKey.StartsWith("retention-", StringComparison.Ordinal));
        time.Advance(TimeSpan.FromDays(32));
        await SweepAsync(world);
        Assert.DoesNotContain(account.Rows(TableNames.Businesses), row => row.RowKey.StartsWith("retention-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_number_whose_registration_was_cut_short_is_shown_and_removed()
    {
        await using AdminWorld world = await AdminWorld.StartAsync(new LocalRelayOptions { TransportBaseUrl = new Uri("http://127.0.0.1:9") });
        string business = await world.BusinessAsync();
        AdminAnswer registered = await world.CallAsync(HttpMethod.Post, $"businesses/{business}/phone_numbers", new { phone_number = TestRelay.RandomNumber(), verified_name = "X" });
        Assert.Equal("2", registered.Error);
        JsonElement number = Assert.Single((await world.DoAsync(HttpMethod.Get, $"businesses/{business}/phone_numbers")).Json.GetProperty("data").EnumerateArray());
        Assert.Equal("PENDING", TestRelay.Text(number, "status"));
        await world.DoAsync(HttpMethod.Delete, $"businesses/{business}/phone_numbers/{TestRelay.Text(number, "id")}");
        Assert.Contains(await world.AuditAsync(business), entry => entry.Operation == "number.register.failed");
    }

    [Fact]
    public async Task Tokens_are_listed_with_what_they_may_and_deleted_thirty_days_after_their_end()
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        string id = await world.BusinessAsync();
        DateTimeOffset start = world.Time.GetUtcNow();
        string short_ = (await world.DoAsync(HttpMethod.Post, $"businesses/{id}/access_tokens", new { expires_at = start.AddHours(1).ToUnixTimeSeconds() })).Text("id");
        string revoked = (await world.DoAsync(HttpMethod.Post, $"businesses/{id}/access_tokens", new { scopes = new[] { "whatsapp_business_messaging" } })).Text("id");
        string longer = (await world.DoAsync(HttpMethod.Post, $"businesses/{id}/access_tokens", new { expires_at = start.AddHours(1).ToUnixTimeSeconds() })).Text("id");
        await world.DoAsync(HttpMethod.Put, $"businesses/{id}/access_tokens/{longer}/expiry", new { expires_at = start.AddDays(300).ToUnixTimeSeconds() });
        await world.DoAsync(HttpMethod.Delete, $"businesses/{id}/access_tokens/{revoked}");
        world.Time.Advance(TimeSpan.FromHours(2));
        await world.DoAsync(HttpMethod.Delete, $"businesses/{id}/access_tokens/{revoked}");

        Dictionary<string, JsonElement> tokens = await TokensAsync(world, id);
        Assert.Equal(("expired", "revoked", "active"), (TestRelay.Text(tokens[short_], "status"), TestRelay.Text(tokens[revoked], "status"), TestRelay.Text(tokens[longer], "status")));
        Assert.Equal(start.ToUnixTimeSeconds(), tokens[revoked].GetProperty("revoked_at").GetInt64());
        Assert.Equal("whatsapp_business_messaging", string.Join(',', tokens[revoked].GetProperty("scopes").EnumerateArray()));
        Assert.Equal(tokens[longer].GetRawText(), (await world.DoAsync(HttpMethod.Get, $"businesses/{id}/access_tokens/{longer}")).Body);
        JsonElement page = (await world.DoAsync(HttpMethod.Get, $"businesses/{id}/access_tokens?limit=2")).Json;
        Assert.Single((await world.DoAsync(HttpMethod.Get, $"businesses/{id}/access_tokens?limit=2&after={page.GetProperty("next").GetString()}")).Json.GetProperty("data").EnumerateArray());
        Assert.Equal("131009", (await world.CallAsync(HttpMethod.Put, $"businesses/{id}/access_tokens/{short_}/expiry", new { expires_at = start.AddDays(1).ToUnixTimeSeconds() })).Error);

        world.Time.Advance(TimeSpan.FromDays(29));
        await SweepAsync(world);
        Assert.Equal(3, (await TokensAsync(world, id)).Count);
        world.Time.Advance(TimeSpan.FromDays(1));
        await SweepAsync(world);
        Assert.Equal([longer], (await TokensAsync(world, id)).Keys);
    }

    [Fact]
    public async Task A_system_users_tokens_end_with_it_and_an_employees_are_for_messaging()
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        TestBusiness business = await world.Running.BusinessAsync(null);
        string users = $"businesses/{business.Id}/system_users";
        string user = await world.TextAsync(HttpMethod.Post, users, new { name = "Lager", role = "EMPLOYEE" }, "id");
        AdminAnswer token = await world.DoAsync(HttpMethod.Post, $"businesses/{business.Id}/access_tokens", new { system_user_id = user });
        Assert.Equal("131009", (await world.CallAsync(HttpMethod.Post, $"businesses/{business.Id}/access_tokens", new { system_user_id = user, scopes = new[] { "whatsapp_business_management" } })).Error);
        Assert.Equal("100/33", (await world.CallAsync(HttpMethod.Post, $"businesses/{await world.BusinessAsync()}/access_tokens", new { system_user_id = user })).Error);
        Assert.Equal(user, TestRelay.Text((await TokensAsync(world, business.Id))[token.Text("id")], "system_user_id"));
        JsonElement listed = Assert.Single((await world.DoAsync(HttpMethod.Get, users)).Json.GetProperty("data").EnumerateArray());
        Assert.Equal((user, "Lager", "EMPLOYEE"), (TestRelay.Text(listed, "id"), TestRelay.Text(listed, "name"), TestRelay.Text(listed, "role")));

        Assert.Equal(HttpStatusCode.BadRequest, (await business.PostAsync("{}", token: token.Text("access_token"))).Status);
        await world.DoAsync(HttpMethod.Delete, $"{users}/{user}");
        world.Time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(HttpStatusCode.Unauthorized, (await business.PostAsync("{}", token: token.Text("access_token"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await business.PostAsync("{}")).Status);
        Assert.Equal(("100/33", 0), ((await world.CallAsync(HttpMethod.Delete, $"{users}/{user}")).Error, (await world.DoAsync(HttpMethod.Get, users)).Json.GetProperty("data").GetArrayLength()));
        Assert.Equal(["131009", "131009"], [
            (await world.CallAsync(HttpMethod.Post, users, new { name = "X", role = "OWNER" })).Error, (await world.CallAsync(HttpMethod.Post, users, new { role = "ADMIN" })).Error]);
    }

    [Fact]
    public async Task A_developer_has_to_do_with_tokens_for_messaging_alone()
    {
        await using AdminWorld world = await AdminWorld.StartAsync();
        string id = await world.BusinessAsync();
        (_, string key) = await world.PersonAsync(new { role = "DEVELOPER", business_id = id });
        string path = $"businesses/{id}/access_tokens";
        string strong = (await world.DoAsync(HttpMethod.Post, path, new { })).Text("id");
        AdminAnswer own = await world.CallAsync(HttpMethod.Post, path, new { }, key);
        Assert.Equal("whatsapp_business_messaging", string.Join(',', (await TokensAsync(world, id))[own.Text("id")].GetProperty("scopes").EnumerateArray()));
        object later = new { expires_at = world.Time.GetUtcNow().AddDays(9).ToUnixTimeSeconds() };
        Assert.Equal(["200", "200", "200"], [
            (await world.CallAsync(HttpMethod.Post, path, new { scopes = new[] { "whatsapp_business_management" } }, key)).Error,
            (await world.CallAsync(HttpMethod.Delete, $"{path}/{strong}", null, key)).Error,
            (await world.CallAsync(HttpMethod.Put, $"{path}/{strong}/expiry", later, key)).Error]);
        Assert.Equal(["", ""], [(await world.CallAsync(HttpMethod.Put, $"{path}/{own.Text("id")}/expiry", later, key)).Error, (await world.CallAsync(HttpMethod.Delete, $"{path}/{own.Text("id")}", null, key)).Error]);
        Assert.Contains(await world.AuditAsync(id), entry => entry.Operation == "token.revoke.refused");
    }

    [Fact]
    public async Task A_webhook_is_shown_without_its_token_and_removed()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using AdminWorld world = await AdminWorld.StartAsync();
        TestBusiness business = await world.Running.BusinessAsync(receiver);
        AdminAnswer shown = await world.DoAsync(HttpMethod.Get, $"businesses/{business.Id}/webhook");
        JsonElement webhook = shown.Json.GetProperty("webhook");
        Assert.Equal((receiver.Callback.AbsoluteUri, "active"), (TestRelay.Text(webhook, "callback_url"), TestRelay.Text(webhook, "status")));
        Assert.Equal($"{world.Time.GetUtcNow().ToUnixTimeSeconds()}", TestRelay.Text(webhook, "verified_at"));
        Assert.DoesNotContain(receiver.VerifyToken, shown.Body, StringComparison.Ordinal);

        await world.DoAsync(HttpMethod.Delete, $"businesses/{business.Id}/webhook");
        Assert.False((await world.DoAsync(HttpMethod.Get, $"businesses/{business.Id}/webhook")).Json.TryGetProperty("webhook", out _));
        Assert.Equal("100/33", (await world.CallAsync(HttpMethod.Delete, $"businesses/{business.Id}/webhook")).Error);
    }

    [Fact]
    public async Task What_is_administered_is_in_the_audit_that_the_business_reads_and_closing_takes_its_users()
    {
        MemoryTableStore tables = new();
        FakeTimeProvider time = AdminWorld.Clock();
        await using AdminWorld world = await AdminWorld.StartAsync(
            new LocalRelayOptions { RelayStorage = new RelayStorage(tables, new MemoryQueueStore(time), new MemoryBlobStore()) }, time);
        TestBusiness business = await world.Running.BusinessAsync(null);
        await world.DoAsync(HttpMethod.Post, $"businesses/{business.Id}/system_users", new { name = "Lager", role = "ADMIN" });
        await world.CallAsync(HttpMethod.Put, $"businesses/{business.Id}/name", new { name = "" });
        string[] expected = ["number.register", "token.issue", "system_user.add", "business.rename", "business.rename.refused"];
        Assert.Equal(expected, (await world.AuditAsync(business.Id)).Select(entry => entry.Operation));
        Assert.All(await world.AuditAsync(business.Id), entry => Assert.Equal("admin", entry.Who));
        JsonElement own = (await business.GetAsync("relay/v1/audit")).Answer;
        Assert.Equal(expected, own.GetProperty("data").EnumerateArray().Select(line => TestRelay.Text(line.GetProperty("entry"), "operation")));
        Assert.Equal(["business.create"], (await world.AuditAsync("0")).Select(entry => entry.Operation));
        Assert.Equal(["0", business.Id], (await world.DoAsync(HttpMethod.Get, "audit")).Json.GetProperty("data").EnumerateArray().Select(one => one.GetString()));

        await world.DoAsync(HttpMethod.Delete, $"businesses/{business.Id}");
        for (int i = 0; i < 4; i++)
        {
            await world.Running.DrainAsync();
            world.Time.Advance(TimeSpan.FromMinutes(3));
        }

        Assert.Equal("business.close", (await world.AuditAsync(business.Id))[^1].Operation);
        Assert.Empty(await tables.QueryAsync(TableNames.Tokens, TableRange.Partition(business.Id, 100), CancellationToken.None).ToListAsync());
    }

    [Fact]
    public async Task Nothing_is_done_when_it_can_not_be_written_down()
    {
        MemoryTableStore tables = new();
        NoAudit failing = new(tables);
        await using AdminWorld world = await AdminWorld.StartAsync(new LocalRelayOptions
        {
            RelayStorage = new RelayStorage(failing, new MemoryQueueStore(TimeProvider.System), new MemoryBlobStore()),
        });
        string id = await world.BusinessAsync();
        failing.IsAway = true;
        AdminAnswer answer = await world.CallAsync(HttpMethod.Post, $"businesses/{id}/access_tokens", new { });
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "2"), (answer.Status, answer.Error));
        failing.IsAway = false;
        Assert.Empty(await TokensAsync(world, id));
    }

    private static Task SweepAsync(AdminWorld world) => world.Running.Local.InvokeTimerAsync("AdminSweepAccess", CancellationToken.None);

    private static async Task<Dictionary<string, JsonElement>> TokensAsync(AdminWorld world, string business) =>
        (await world.DoAsync(HttpMethod.Get, $"businesses/{business}/access_tokens")).Json.GetProperty("data").EnumerateArray().ToDictionary(one => TestRelay.Text(one, "id"));

    private static async Task<string?> AppTokenAsync(AdminWorld world, string app, string secret)
    {
        using HttpResponseMessage response = await world.Running.Http.GetAsync(
            new Uri(world.Running.Local.BaseAddress, $"oauth/access_token?client_id={app}&client_secret={secret}&grant_type=client_credentials"));
        JsonElement answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        return response.IsSuccessStatusCode ? TestRelay.Text(answer, "access_token") : null;
    }

    private static async Task<bool> IsGoodAsync(AdminWorld world, string token)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(world.Running.Local.BaseAddress, $"debug_token?input_token={Uri.EscapeDataString(token)}"));
        request.Headers.Authorization = new("Bearer", token);
        using HttpResponseMessage response = await world.Running.Http.SendAsync(request);
        return response.IsSuccessStatusCode;
    }

    private sealed class NoAudit(ITableStore inner) : ITableStore
    {
        public bool IsAway { get; set; }

        public Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellationToken) => inner.GetAsync(table, partitionKey, rowKey, cancellationToken);

        public IAsyncEnumerable<TableRow> QueryAsync(string table, TableRange range, CancellationToken cancellationToken) => inner.QueryAsync(table, range, cancellationToken);

        public Task<CommitResult> CommitAsync(string table, string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken) =>
            IsAway && table == TableNames.Audit
                ? throw new StorageFaultException("commit", table, 503, "Away")
                : inner.CommitAsync(table, partitionKey, writes, cancellationToken);

        public Task EnsureTablesAsync(IReadOnlyCollection<string> tables, CancellationToken cancellationToken) => inner.EnsureTablesAsync(tables, cancellationToken);
    }
}
