using System.Net;
using System.Text;
using System.Text.Json;
using Relay.LocalHost;
using Relay.Shared.Primitives;
using Relay.Shared.RoleCalls;
using Relay.Shared.Stamps;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Stamps;

/// <summary>The first number of a business chooses the stamp, once and for ever; two Relays over real HTTP.</summary>
public sealed class StampTests
{
    [Fact]
    public async Task A_number_goes_to_the_stamp_of_its_region_and_works_there()
    {
        await using TwoStamps stamps = await TwoStamps.StartAsync();
        (string business, string secret) = await CreateAsync(stamps.Plain);
        (HttpStatusCode status, JsonElement number) = await RegisterAsync(stamps.Plain, business, "CH");
        Assert.True(status == HttpStatusCode.OK, number.ToString());
        Assert.Equal(stamps.AlpsBase, TestRelay.Text(number, "base_url"));
        Assert.Equal([(business, "CH")], stamps.Recorded);

        // There: its token, its message, its app secret.
        JsonElement token = await stamps.Alps.AdminAsync(HttpMethod.Post, $"businesses/{business}/access_tokens", new { });
        using TestDevice anna = await stamps.Alps.DeviceAsync();
        using HttpRequestMessage send = new(HttpMethod.Post, $"{stamps.AlpsBase}/v25.0/{TestRelay.Text(number, "id")}/messages");
        send.Headers.Add("Authorization", "Bearer " + TestRelay.Text(token, "access_token"));
        send.Content = new StringContent(TestBusiness.Text(anna.Number, "Gruezi"), Encoding.UTF8, "application/json");
        using HttpResponseMessage sent = await stamps.Alps.Http.SendAsync(send);
        Assert.True(sent.IsSuccessStatusCode, await sent.Content.ReadAsStringAsync());
        await stamps.Alps.DrainAsync();
        Assert.NotEmpty(await anna.ReceiveAsync());
        Assert.Equal(32, secret.Length);

        string audit = (await stamps.Alps.TryAdminAsync(HttpMethod.Get, $"businesses/{business}/audit", new { })).Answer.ToString();
        Assert.Contains("\"who\":\"stamp\"", audit.Replace(" ", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("number.register", audit, StringComparison.Ordinal);

        // Here: nothing but the business and where it is.
        Assert.Equal(HttpStatusCode.OK, (await stamps.Plain.TryAdminAsync(HttpMethod.Post, $"businesses/{business}/access_tokens", new { })).Status);
        (status, _) = await SendByAsync(stamps.Plain, business, TestRelay.Text(number, "id"), anna.Number);
        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Fact]
    public async Task Later_numbers_follow_the_first_and_another_region_is_refused()
    {
        await using TwoStamps stamps = await TwoStamps.StartAsync();
        (string business, _) = await CreateAsync(stamps.Plain);
        await RegisterAsync(stamps.Plain, business, "ch");
        (HttpStatusCode status, JsonElement second) = await RegisterAsync(stamps.Plain, business, null);
        Assert.Equal((HttpStatusCode.OK, stamps.AlpsBase), (status, TestRelay.Text(second, "base_url")));
        (status, JsonElement refused) = await RegisterAsync(stamps.Plain, business, "DE");
        Assert.Equal((HttpStatusCode.BadRequest, 131009), (status, Code(refused)));
        Assert.Contains("CH", refused.ToString(), StringComparison.Ordinal);
        Assert.Equal([(business, "CH")], stamps.Recorded);
    }

    [Fact]
    public async Task A_business_that_has_numbers_here_stays_here()
    {
        await using TwoStamps stamps = await TwoStamps.StartAsync();
        (string business, _) = await CreateAsync(stamps.Plain);
        (HttpStatusCode status, JsonElement first) = await RegisterAsync(stamps.Plain, business, "DE");
        Assert.Equal((HttpStatusCode.OK, false), (status, first.TryGetProperty("base_url", out _)));
        (status, JsonElement refused) = await RegisterAsync(stamps.Plain, business, "CH");
        Assert.Equal((HttpStatusCode.BadRequest, 131009), (status, Code(refused)));
    }

    [Fact]
    public async Task Of_many_who_choose_at_once_one_decides()
    {
        await using TwoStamps stamps = await TwoStamps.StartAsync();
        (string business, _) = await CreateAsync(stamps.Plain);
        (HttpStatusCode Status, JsonElement Answer)[] all = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => RegisterAsync(stamps.Plain, business, i % 2 == 0 ? "CH" : "DE")));
        (string _, string region) = Assert.Single(stamps.Recorded);
        Assert.Equal(4, all.Count(one => one.Status == HttpStatusCode.OK));
        Assert.All(all.Where(one => one.Status == HttpStatusCode.OK), one => Assert.Equal(region == "CH", one.Answer.TryGetProperty("base_url", out _)));
    }

    [Fact]
    public async Task A_mistake_decides_nothing_and_one_that_the_other_stamp_finds_is_told_in_its_words()
    {
        await using TwoStamps stamps = await TwoStamps.StartAsync();
        (string business, _) = await CreateAsync(stamps.Plain);
        (HttpStatusCode status, _) = await stamps.Plain.TryAdminAsync(HttpMethod.Post, $"businesses/{business}/phone_numbers", new { phone_number = "x", verified_name = "First", data_localization_region = "CH" });
        Assert.Equal(HttpStatusCode.BadRequest, status);
        (status, JsonElement unknown) = await RegisterAsync(stamps.Plain, business, "XX");
        Assert.Equal((HttpStatusCode.BadRequest, 100), (status, Code(unknown)));
        Assert.Empty(stamps.Recorded);

        (status, JsonElement refused) = await stamps.Plain.TryAdminAsync(
            HttpMethod.Post, $"businesses/{business}/phone_numbers", new { phone_number = TestRelay.RandomNumber(), verified_name = "First", data_localization_region = "CH", phone_number_id = "123" });
        Assert.Equal((HttpStatusCode.BadRequest, 100), (status, Code(refused)));
    }

    [Fact]
    public async Task A_stamp_that_is_away_is_503_and_the_same_call_finishes_it_later()
    {
        TwoStamps stamps = await TwoStamps.StartAsync();
        (string business, _) = await CreateAsync(stamps.Plain);
        await stamps.Alps.DisposeAsync();
        (HttpStatusCode status, _) = await RegisterAsync(stamps.Plain, business, "CH");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal([(business, "CH")], stamps.Recorded);
        await stamps.Plain.DisposeAsync();
    }

    /// <summary>Unsigned, by another key, for another audience, altered, repeated, late.</summary>
    [Fact]
    public async Task Nobody_but_a_manager_is_believed_and_each_call_once()
    {
        await using TwoStamps stamps = await TwoStamps.StartAsync();
        string business = BusinessId.Create().Value;
        string path = StampClient.Path(BusinessId.Parse(business));
        string body = JsonSerializer.Serialize(new
        {
            name = "First", waba_id = WabaId.Create().Value, app_id = WabaId.Create().Value, app_secret = "s", number = new { phone_number = TestRelay.RandomNumber(), verified_name = "First" },
        });
        RoleCall call = new(StampClient.ToManager, "POST", "/" + path);
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        string Sign(Secret key, RoleCall of, TimeProvider? time = null) => new RoleSigner(new RoleKeys(key), time ?? TimeProvider.System).Sign(of, bytes);

        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(stamps.Alps, path, body, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(stamps.Alps, path, body, Sign(new Secret("another"), call)));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(stamps.Alps, path, body, Sign(TwoStamps.Key, call with { Audience = RoleCall.ToTransport })));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(stamps.Alps, path, body, Sign(TwoStamps.Key, call with { PathAndQuery = "/" + StampClient.Path(BusinessId.Create()) })));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(stamps.Alps, path, body.Replace("First", "Other", StringComparison.Ordinal), Sign(TwoStamps.Key, call)));
        Microsoft.Extensions.Time.Testing.FakeTimeProvider late = new(TimeProvider.System.GetUtcNow().AddMinutes(-6));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(stamps.Alps, path, body, Sign(TwoStamps.Key, call, late)));

        string good = Sign(TwoStamps.Key, call);
        Assert.Equal(HttpStatusCode.OK, await PostAsync(stamps.Alps, path, body, good));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(stamps.Alps, path, body, good));
    }

    /// <summary>Another instance of the same manager has never seen the call, and what it made is gone meanwhile.</summary>
    [Fact]
    public async Task A_call_that_was_overheard_brings_nothing_back_at_another_instance()
    {
        LocalRelayOptions options = new()
        {
            StampKey = TwoStamps.Key,
            RelayStorage = new RelayStorage(new MemoryTableStore(), new MemoryQueueStore(TimeProvider.System), new MemoryBlobStore()),
            TransportStorage = new TransportStorage(new MemoryTableStore(), new MemoryQueueStore(TimeProvider.System), new MemoryBlobStore()),
            ManagerStorage = new ManagerStorage(new MemoryTableStore()),
        };
        await using TestRelay one = await TestRelay.StartAsync(options);
        await using TestRelay other = await TestRelay.StartAsync(options);
        string business = BusinessId.Create().Value;
        string path = StampClient.Path(BusinessId.Parse(business));
        string[] bodies = [.. Enumerable.Range(0, 2).Select(_ => JsonSerializer.Serialize(new
        {
            name = "First", waba_id = "100200300400500", app_id = "100200300400501", app_secret = "s", number = new { phone_number = TestRelay.RandomNumber(), verified_name = "First" },
        }))];
        RoleSigner signer = new(new RoleKeys(TwoStamps.Key), TimeProvider.System);
        string[] signed = [.. bodies.Select(body => signer.Sign(new RoleCall(StampClient.ToManager, "POST", "/" + path), Encoding.UTF8.GetBytes(body)))];

        // The later one overtakes the earlier one, and both are taken.
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], [await PostAsync(one, path, bodies[1], signed[1]), await PostAsync(other, path, bodies[0], signed[0])]);
        string[] numbers = await NumbersAsync(one, business);
        Assert.Equal(2, numbers.Length);
        foreach (string number in numbers)
        {
            await one.AdminAsync(HttpMethod.Post, $"businesses/{business}/phone_numbers/{number}/deregister", new { });
            await one.AdminAsync(HttpMethod.Delete, $"businesses/{business}/phone_numbers/{number}", new { });
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(other, path, bodies[1], signed[1]));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(one, path, bodies[0], signed[0]));
        Assert.Empty(await NumbersAsync(one, business));
    }

    [Fact]
    public async Task Of_calls_only_those_are_remembered_that_might_still_be_believed()
    {
        Microsoft.Extensions.Time.Testing.FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 27, 3, 0, 0, TimeSpan.Zero));
        MemoryTableStore tables = new();
        await tables.EnsureTablesAsync([TableNames.Stamps], default);
        TakenCalls calls = new(tables, time);
        BusinessId business = BusinessId.Create();
        DateTimeOffset first = time.GetUtcNow() + RoleSignature.Tolerance;
        bool[] taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => calls.TakeAsync(business, first, default)));
        Assert.Single(taken, true);
        Assert.True(await calls.TakeAsync(BusinessId.Create(), first, default));

        // For as long as it may be believed anywhere it is known.
        time.Advance(RoleSignature.Tolerance + RoleSignature.Tolerance);
        Assert.False(await calls.TakeAsync(business, first, default));
        time.Advance(RoleSignature.Tolerance + TimeSpan.FromSeconds(1));
        Assert.True(await calls.TakeAsync(business, time.GetUtcNow(), default));
        Assert.DoesNotContain(',', Assert.Single(tables.Everything(), entry => entry.Row.PartitionKey == business.Value).Row.Get<string>("signed"));
    }

    [Fact]
    public async Task A_stamp_without_others_believes_nobody()
    {
        await using TestRelay alone = await TestRelay.StartAsync();
        string path = StampClient.Path(BusinessId.Create());
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(alone, path, "{}", new RoleSigner(new RoleKeys(TwoStamps.Key), TimeProvider.System).Sign(new RoleCall(StampClient.ToManager, "POST", "/" + path), "{}"u8)));
    }

    [Fact]
    public async Task A_region_that_another_stamp_serves_is_refused_with_its_address()
    {
        await using TwoStamps stamps = await TwoStamps.StartAsync();
        TestBusiness business = await stamps.Plain.BusinessAsync(null);
        foreach ((string path, object body) in ((string, object)[])
            [
                ($"v20.0/{business.PhoneNumberId}/register", new { messaging_product = "whatsapp", pin = "123456", data_localization_region = "CH" }),
                ($"v25.0/{business.PhoneNumberId}/settings", new { storage_configuration = new { status = "IN_COUNTRY_STORAGE_ENABLED", data_localization_region = "CH" } }),
            ])
        {
            (HttpStatusCode status, JsonElement answer) = await business.PostAsync(JsonSerializer.Serialize(body), path: path);
            Assert.Equal((HttpStatusCode.BadRequest, 100), (status, Code(answer)));
            Assert.Contains(stamps.AlpsBase, answer.GetProperty("error").GetProperty("error_data").GetProperty("details").GetString(), StringComparison.Ordinal);
            (status, answer) = await business.PostAsync(JsonSerializer.Serialize(body).Replace("CH", "DE", StringComparison.Ordinal), path: path);
            Assert.True(status == HttpStatusCode.OK, answer.ToString());
        }
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData(null, 0)]
    [InlineData("CH=https://a.example", 1)]
    [InlineData("CH=https://a.example;de = http://127.0.0.1:1/ ;", 2)]
    [InlineData("CH=http://a.example", -1)]
    [InlineData("CH=a.example", -1)]
    [InlineData("CH", -1)]
    [InlineData("Switzerland=https://a.example", -1)]
    [InlineData("CH=https://a.example;ch=https://b.example", -1)]
    public void A_list_of_stamps_is_read_or_refused_as_a_whole(string? text, int count) =>
        Assert.Equal(count, StampMap.TryParse(text) is { } map ? ((string[])["CH", "DE"]).Count(region => map.Find(region) is not null) : -1);

    private static async Task<(string Id, string Secret)> CreateAsync(TestRelay relay)
    {
        JsonElement created = await relay.AdminAsync(HttpMethod.Post, "businesses", new { name = "First" });
        return (TestRelay.Text(created, "id"), TestRelay.Text(created, "app_secret"));
    }

    private static Task<(HttpStatusCode Status, JsonElement Answer)> RegisterAsync(TestRelay relay, string business, string? region) => relay.TryAdminAsync(
        HttpMethod.Post, $"businesses/{business}/phone_numbers", new { phone_number = TestRelay.RandomNumber(), verified_name = "First", data_localization_region = region });

    private static async Task<(HttpStatusCode Status, string Answer)> SendByAsync(TestRelay relay, string business, string number, string to)
    {
        JsonElement token = await relay.AdminAsync(HttpMethod.Post, $"businesses/{business}/access_tokens", new { });
        using HttpRequestMessage send = new(HttpMethod.Post, new Uri(relay.Local.BaseAddress, $"v25.0/{number}/messages"));
        send.Headers.Add("Authorization", "Bearer " + TestRelay.Text(token, "access_token"));
        send.Content = new StringContent(TestBusiness.Text(to, "hello"), Encoding.UTF8, "application/json");
        using HttpResponseMessage sent = await relay.Http.SendAsync(send);
        return (sent.StatusCode, await sent.Content.ReadAsStringAsync());
    }

    private static async Task<HttpStatusCode> PostAsync(TestRelay relay, string path, string body, string? signature)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(relay.Local.BaseAddress, path)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (signature is not null)
        {
            request.Headers.Add(RoleSignature.Header, signature);
        }

        using HttpResponseMessage response = await relay.Http.SendAsync(request);
        return response.StatusCode;
    }

    private static async Task<string[]> NumbersAsync(TestRelay relay, string business) =>
        [.. (await relay.AdminAsync(HttpMethod.Get, $"businesses/{business}/phone_numbers", new { })).GetProperty("data").EnumerateArray().Select(one => TestRelay.Text(one, "id"))];

    private static int Code(JsonElement answer) => answer.GetProperty("error").GetProperty("code").GetInt32();
}
