using System.Net;
using System.Text.Json;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Proof;

/// <summary>Who may read proofs, and what: a business its own, the operator all, nobody else anything; pages are bounded.</summary>
public sealed class ProofDoorTests
{
    private static readonly string[] Own = ["relay/v1/deletion_receipts", "relay/v1/audit", "relay/v1/privacy", "relay/v1/keys/signing"];

    [Fact]
    public async Task A_token_that_is_none_or_may_not_manage_reads_nothing()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        string messaging = TestRelay.Text(
            await world.Running.AdminAsync(HttpMethod.Post, $"businesses/{world.Business.Id}/access_tokens", new { scopes = new[] { "whatsapp_business_messaging" } }), "access_token");
        foreach (string path in Own)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(world, path, "x")).Status);
            Assert.Equal(path.EndsWith("signing", StringComparison.Ordinal) ? HttpStatusCode.OK : HttpStatusCode.Forbidden, (await GetAsync(world, path, messaging)).Status);
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(world, path, world.Business.AccessToken)).Status);
        }

        string business = $"relay/v1/admin/businesses/{world.Business.Id}";
        foreach (string path in (string[])[business + "/deletion_receipts", business + "/audit", "relay/v1/admin/audit", "relay/v1/admin/keys/signing/signing"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(world, path, world.Business.AccessToken)).Status);
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(world, path, Admin(world))).Status);
        }
    }

    [Fact]
    public async Task A_business_sees_its_own_and_never_another_ones()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        TestBusiness other = await world.Running.BusinessAsync(null);
        await world.Business.PostAsync(
            JsonSerializer.Serialize(new { user = world.Device.Number }), path: $"relay/v1/phone_numbers/{world.Business.PhoneNumberId}/safety_number");
        world.Time.Advance(TimeSpan.FromDays(29));
        await world.TimerAsync("DeleteExpired");

        Assert.Equal(1, (await world.Business.GetAsync("relay/v1/audit")).Answer.GetProperty("data").GetArrayLength());
        Assert.Equal(1, (await world.Business.GetAsync("relay/v1/deletion_receipts")).Answer.GetProperty("data").GetArrayLength());
        foreach (string path in (string[])["relay/v1/audit", $"relay/v1/audit?business={world.Business.Id}"])
        {
            JsonElement[] entries = [.. (await other.GetAsync(path)).Answer.GetProperty("data").EnumerateArray().Select(line => line.GetProperty("entry"))];
            Assert.Equal([(other.Id, "number.register"), (other.Id, "token.issue")], entries.Select(entry => (TestRelay.Text(entry, "business"), TestRelay.Text(entry, "operation"))));
        }

        Assert.Equal(0, (await other.GetAsync("relay/v1/deletion_receipts")).Answer.GetProperty("data").GetArrayLength());

        JsonElement all = (await GetAsync(world, "relay/v1/admin/audit", Admin(world))).Answer.GetProperty("data");
        Assert.Equal(["0", .. new[] { world.Business.Id, other.Id }.Order(StringComparer.Ordinal)], all.EnumerateArray().Select(id => id.GetString()!));
        Assert.Equal(HttpStatusCode.BadRequest, (await GetAsync(world, "relay/v1/admin/businesses/123/audit", Admin(world))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await GetAsync(world, "relay/v1/admin/businesses/123/deletion_receipts", Admin(world))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await GetAsync(world, "relay/v1/keys/signing/none", world.Business.AccessToken)).Status);
    }

    [Fact]
    public async Task Pages_meet_everything_once()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        for (int i = 0; i < 5; i++)
        {
            await world.Business.PostAsync(
                JsonSerializer.Serialize(new { user = world.Device.Number }), path: $"relay/v1/phone_numbers/{world.Business.PhoneNumberId}/safety_number");
            await world.TimerAsync("SignAudits");
        }

        for (int day = 0; day < 3; day++)
        {
            await world.SendAsync($"Day {day}");
            await world.SettleAsync();
            world.Time.Advance(TimeSpan.FromDays(1));
        }

        world.Time.Advance(TimeSpan.FromDays(29));
        await world.TimerAsync("DeleteExpired");

        List<JsonElement> entries = await PagesAsync(world, "relay/v1/audit", 2, answer => answer.GetProperty("data"));
        Assert.Equal([1, 2, 3, 4, 5], entries.Select(line => line.GetProperty("entry").GetProperty("entry").GetInt32()));
        List<JsonElement> checkpoints = await PagesAsync(world, "relay/v1/audit", 2, answer => answer.GetProperty("checkpoints"));
        Assert.Equal([1, 2, 3, 4, 5], checkpoints.Select(one => one.GetProperty("checkpoint").GetProperty("entry").GetInt32()));
        List<JsonElement> receipts = await PagesAsync(world, "relay/v1/deletion_receipts", 1, answer => answer.GetProperty("data"));
        string[] ids = [.. receipts.Select(one => TestRelay.Text(one.GetProperty("receipt"), "id"))];
        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
    }

    [Theory]
    [InlineData("relay/v1/audit?limit=0")]
    [InlineData("relay/v1/audit?limit=1001")]
    [InlineData("relay/v1/audit?limit=x")]
    [InlineData("relay/v1/audit?after=x")]
    [InlineData("relay/v1/audit?after=0")]
    [InlineData("relay/v1/audit?after=-1")]
    [InlineData("relay/v1/audit?after=99999999999999999999")]
    [InlineData("relay/v1/deletion_receipts?limit=101")]
    [InlineData("relay/v1/deletion_receipts?limit=-1")]
    [InlineData("relay/v1/deletion_receipts?after=R%3A")]
    [InlineData("relay/v1/deletion_receipts?after=%2F")]
    public async Task A_page_that_there_is_not_is_refused(string path)
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        (HttpStatusCode status, JsonElement answer) = await world.Business.GetAsync(path);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(100, answer.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Privacy_shows_what_is_held_now_and_which_key_ends_it()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        string day = world.Time.GetUtcNow().ToString("yyyyMMdd", null);
        JsonElement content = Line(await PrivacyAsync(world, world.Business.AccessToken, "business"), "message_content");
        Assert.Equal((day, "day_key", day, "nobody"), (TestRelay.Text(content, "oldest_day"), TestRelay.Text(content.GetProperty("key"), "kind"),
            TestRelay.Text(content.GetProperty("key"), "id"), TestRelay.Text(content, "seen_by")));
        Assert.Equal(world.Time.GetUtcNow().AddDays(30).ToString("yyyyMMdd", null), TestRelay.Text(content.GetProperty("key"), "destroyed_before"));
        Assert.Contains(content.GetProperty("stored").EnumerateArray(), place => place.TryGetProperty("table", out JsonElement table) && table.GetString() == "conversations");
        JsonElement number = Line(await PrivacyAsync(world, world.Business.AccessToken, "business"), "consumer_phone_number");
        Assert.StartsWith("lookup-", TestRelay.Text(number.GetProperty("key"), "id"), StringComparison.Ordinal);
        Assert.True(string.CompareOrdinal(TestRelay.Text(number, "oldest_day"), day) <= 0);
        Assert.True(string.CompareOrdinal(TestRelay.Text(number.GetProperty("key"), "destroyed_before"), day) > 0);
        JsonElement ofOperator = Line(await PrivacyAsync(world, Admin(world), "operator"), "message_content");
        Assert.Equal(day, TestRelay.Text(ofOperator, "oldest_day"));
        Assert.False(ofOperator.GetProperty("key").TryGetProperty("id", out _));

        world.Time.Advance(TimeSpan.FromDays(29));
        await world.TimerAsync("DeleteExpired");
        foreach ((string token, string view) in (IEnumerable<(string, string)>)[(world.Business.AccessToken, "business"), (Admin(world), "operator")])
        {
            JsonElement gone = Line(await PrivacyAsync(world, token, view), "message_content");
            Assert.False(gone.TryGetProperty("oldest_day", out _) || gone.TryGetProperty("key", out _), gone.ToString());
        }

        Assert.Equal(day, TestRelay.Text(Line(await PrivacyAsync(world, world.Business.AccessToken, "business"), "deletion_receipts"), "oldest_day"));
    }

    [Fact]
    public async Task Privacy_names_every_table_queue_and_container()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        JsonElement answer = await PrivacyAsync(world, Admin(world), "operator");
        (string, string)[] named =
        [
            .. from line in answer.GetProperty("data").EnumerateArray()
               from place in line.GetProperty("stored").EnumerateArray()
               select (TestRelay.Text(place, "account"), place.TryGetProperty("table", out JsonElement table) ? table.GetString()!
                   : place.TryGetProperty("container", out JsonElement container) ? "container " + container.GetString() : "queue " + TestRelay.Text(place, "queue")),
        ];
        Assert.Empty(TableNames.OfRelay.Select(name => ("relay", name)).Except(named));
        Assert.Empty(TableNames.OfTransport.Select(name => ("transport", name)).Except(named));
        Assert.Empty(QueueNames.OfRelay.Select(name => ("relay", "queue " + name)).Except(named));
        Assert.Empty(QueueNames.OfTransport.Select(name => ("transport", "queue " + name)).Except(named));
        Assert.Empty(ContainerNames.OfRelay.Select(name => ("relay", "container " + name)).Except(named));
        Assert.Empty(ContainerNames.OfTransport.Select(name => ("transport", "container " + name)).Except(named));
        Assert.DoesNotContain(world.Device.Digits, answer.GetRawText(), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> PrivacyAsync(PairWorld world, string token, string view)
    {
        (HttpStatusCode status, JsonElement answer) = await GetAsync(world, "relay/v1/privacy", token);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(view, TestRelay.Text(answer, "view"));
        return answer;
    }

    private static JsonElement Line(JsonElement answer, string name) => answer.GetProperty("data").EnumerateArray().Single(line => TestRelay.Text(line, "class") == name);

    private static string Admin(PairWorld world) => world.Running.Local.Options.AdminToken.Reveal();

    private static async Task<List<JsonElement>> PagesAsync(PairWorld world, string path, int limit, Func<JsonElement, JsonElement> items)
    {
        List<JsonElement> found = [];
        string query = $"?limit={limit}";
        for (int page = 0; page < 20; page++)
        {
            (HttpStatusCode status, JsonElement answer) = await world.Business.GetAsync(path + query);
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.InRange(answer.GetProperty("data").GetArrayLength(), 0, limit);
            found.AddRange(items(answer).EnumerateArray());
            if (!answer.TryGetProperty("next", out JsonElement next))
            {
                return found;
            }

            query = $"?limit={limit}&after={next.GetString()}";
        }

        throw new InvalidOperationException("The pages don't end.");
    }

    private static async Task<(HttpStatusCode Status, JsonElement Answer)> GetAsync(PairWorld world, string path, string token)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(world.Running.Local.BaseAddress, path));
        request.Headers.Authorization = new("Bearer", token);
        using HttpResponseMessage response = await world.Running.Http.SendAsync(request);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }
}
