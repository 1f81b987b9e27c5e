using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>Each bad request through real HTTP gets the right error object and leaves storage as it was, to the last byte.</summary>
public sealed class BadRequestTests(BadRequestWorld shared) : IClassFixture<BadRequestWorld>
{
    private const string Json = "application/json";
    private const string Valid = """{"messaging_product":"whatsapp","to":"+16505551234","text":{"body":"hi"}}""";

    private PairWorld World => shared.World;

    public static TheoryData<string, string, string, int, int, int?, string> Bad => new()
    {
        { "unknown type", Json, """{"messaging_product":"whatsapp","to":"+16505551234","type":"hologram","hologram":{}}""", 400, 131051, null, "hologram" },
        { "empty text", Json, """{"messaging_product":"whatsapp","to":"+16505551234","text":{"body":""}}""", 400, 131009, null, "text.body is empty" },
        { "4,097 characters", Json, Text(new string('x', 4097)), 400, 131009, null, "text.body has 4097 characters" },
        { "no text", Json, """{"messaging_product":"whatsapp","to":"+16505551234"}""", 400, 131008, null, "text.body" },
        { "no recipient", Json, """{"messaging_product":"whatsapp","text":{"body":"hi"}}""", 400, 131008, null, "to" },
        { "bad recipient", Json, """{"messaging_product":"whatsapp","to":"abc","text":{"body":"hi"}}""", 400, 131009, null, "to must be" },
        { "no product", Json, """{"to":"+16505551234","text":{"body":"hi"}}""", 400, 131008, null, "messaging_product" },
        { "other product", Json, """{"messaging_product":"sms","to":"+16505551234","text":{"body":"hi"}}""", 400, 131009, null, "messaging_product" },
        { "unknown context", Json, """{"messaging_product":"whatsapp","to":"+16505551234","text":{"body":"hi"},"context":{"message_id":"wamid.AAAA"}}""", 400, 131009, null, "context.message_id" },
        { "unknown message to mark", Json, """{"messaging_product":"whatsapp","status":"read","message_id":"wamid.AAAA"}""", 400, 131009, null, "message_id" },
        { "malformed JSON", Json, """{"messaging_product":"whatsapp",""", 400, 100, null, "not well-formed JSON" },
        { "not an object", Json, "[]", 400, 100, null, "$" },
        { "empty body", Json, "", 400, 100, null, "no parameters" },
        { "1 MB", Json, Text(new string('x', 1024 * 1024)), 400, 100, null, "larger than" },
        { "deep JSON", Json, $$"""{"a":{{new string('[', 100)}}{{new string(']', 100)}}}""", 400, 100, null, "levels deep" },
        { "duplicate member", Json, """{"messaging_product":"whatsapp","to":"+16505551234","to":"+16505551235","text":{"body":"hi"}}""", 400, 100, null, "occurs twice" },
        { "text/plain", "text/plain", Valid, 400, 100, null, "Content-Type" },
        { "XML", "application/xml", "<message/>", 400, 100, null, "Content-Type" },
        { "JSON said to be a form", "application/x-www-form-urlencoded", Valid, 400, 100, null, "looks like JSON" },
        { "other charset", "application/json; charset=iso-8859-1", Valid, 400, 100, null, "charset" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Is_refused_and_stores_nothing(string name, string contentType, string body, int status, int code, int? subcode, string details)
    {
        Assert.NotEmpty(name);
        IReadOnlyList<string> before = World.Dump();
        await RefusedAsync(World.Request(Content(body, contentType)), status, code, subcode, details);
        await World.DrainAsync();
        Assert.Equal(before, World.Dump());
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Without_its_token_a_request_is_refused_unread(string? token)
    {
        IReadOnlyList<string> before = World.Dump();
        await RefusedAsync(World.Request(Content(Valid, Json), token), 401, 190, null, "access token");
        Assert.Equal(before, World.Dump());
    }

    [Fact]
    public async Task The_businesss_own_number_is_refused()
    {
        IReadOnlyList<string> before = World.Dump();
        string body = $$$"""{"messaging_product":"whatsapp","to":"{{{World.Business.Number}}}","text":{"body":"hi"}}""";
        await RefusedAsync(World.Request(Content(body, Json)), 400, 131021, null, "own number");
        Assert.Equal(before, World.Dump());
    }

    [Fact]
    public async Task A_foreign_number_answers_byte_for_byte_as_an_unknown_one()
    {
        TestBusiness other = await World.Running.BusinessAsync(null);
        IReadOnlyList<string> before = World.Dump();
        string foreign = await RefusedAsync(World.Request(Content(Valid, Json), path: $"v25.0/{other.PhoneNumberId}/messages"), 400, 100, 33, "phone number id");
        string unknown = await RefusedAsync(World.Request(Content(Valid, Json), path: "v25.0/123456789012345/messages"), 400, 100, 33, "phone number id");
        Assert.Equal(unknown, foreign);
        Assert.Equal(before, World.Dump());
    }

    [Fact]
    public async Task A_revoked_token_ends_within_half_a_minute_and_an_expiring_one_on_time()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        JsonElement issued = await world.Running.AdminAsync(
            HttpMethod.Post, $"businesses/{world.Business.Id}/access_tokens", new { expires_at = world.Time.GetUtcNow().AddMinutes(10).ToUnixTimeSeconds() });
        string expiring = TestRelay.Text(issued, "access_token");
        Assert.Equal(HttpStatusCode.OK, (await world.Business.PostAsync(Valid)).Status);
        Assert.Equal(HttpStatusCode.OK, (await world.Business.PostAsync(Valid, token: expiring)).Status);

        await world.Running.AdminAsync(HttpMethod.Delete, $"businesses/{world.Business.Id}/access_tokens/{world.Business.TokenId}", new { });
        world.Time.Advance(TimeSpan.FromSeconds(30));
        await RefusedAsync(world.Request(Content(Valid, Json)), 401, 190, null, "access token");
        Assert.Equal(HttpStatusCode.OK, (await world.Business.PostAsync(Valid, token: expiring)).Status);
        world.Time.Advance(TimeSpan.FromMinutes(10));
        await RefusedAsync(world.Request(Content(Valid, Json), expiring), 401, 190, null, "access token");
    }

    [Fact]
    public async Task Every_form_that_the_Graph_takes_is_taken_and_arrives()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        string to = Uri.EscapeDataString(world.Device.Number);
        string number = world.Business.PhoneNumberId;
        string Of(string text) => JsonSerializer.Serialize(new { messaging_product = "whatsapp", to = world.Device.Number, text = new { body = text }, context = (object?)null });
        string emoji = string.Concat(Enumerable.Repeat("👋", 4096));
        using MultipartFormDataContent multipart = new()
        {
            { new StringContent("whatsapp"), "messaging_product" }, { new StringContent(world.Device.Number), "to" }, { new StringContent("""{"body":"multipart"}"""), "text" },
        };
        (string Text, HttpRequestMessage Request)[] requests =
        [
            ("form", world.Request(Content($$"""messaging_product=whatsapp&to={{to}}&text={"body":"form"}""", "application/x-www-form-urlencoded"))),
            ("multipart", world.Request(multipart)),
            ("no version", world.Request(Content(Of("no version"), Json), path: $"{number}/messages")),
            ("old version", world.Request(Content(Of("old version"), Json), path: $"v13.0/{number}/messages")),
            ("trailing slash", world.Request(Content(Of("trailing slash"), Json), path: $"v25.0/{number}/messages/")),
            ("query token", world.Request(Content(Of("query token"), Json), token: null, path: $"v25.0/{number}/messages?access_token={world.Business.AccessToken}")),
            (emoji, world.Request(Content(Of(emoji), Json))),
        ];
        foreach ((string text, HttpRequestMessage request) in requests)
        {
            using HttpResponseMessage response = await world.Running.Http.SendAsync(request);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{text[..4]}: {await response.Content.ReadAsStringAsync()}");
            await world.DrainAsync();
        }

        await world.ReceiveAsync();
        await world.DrainAsync();
        Assert.Equal(requests.Select(request => request.Text).Order(StringComparer.Ordinal), world.Received.Order(StringComparer.Ordinal));
        Assert.Empty(world.Running.Faults);
    }

    private static string Text(string body) => JsonSerializer.Serialize(new { messaging_product = "whatsapp", to = "+16505551234", text = new { body } });

    private static ByteArrayContent Content(string body, string contentType) =>
        new(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } };

    /// <summary>The error object as every error has it; gives the answer without its trace id.</summary>
    private async Task<string> RefusedAsync(HttpRequestMessage request, int status, int code, int? subcode, string details)
    {
        using HttpResponseMessage response = await World.Running.Http.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        JsonElement error = JsonDocument.Parse(text).RootElement.GetProperty("error");
        Assert.True((int)response.StatusCode == status && error.GetProperty("code").GetInt32() == code, text);
        Assert.Equal(subcode, error.TryGetProperty("error_subcode", out JsonElement found) ? found.GetInt32() : null);
        Assert.Contains(details, error.GetProperty("error_data").GetProperty("details").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith($"(#{code}) ", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        return text.Replace(TestRelay.Text(error, "fbtrace_id"), "", StringComparison.Ordinal);
    }
}

/// <summary>One relay for all bad requests: none of them changes it.</summary>
public sealed class BadRequestWorld : IAsyncLifetime
{
    private PairWorld? _world;

    internal PairWorld World => _world ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => _world = await PairWorld.StartAsync(PreparedPair.Acquainted);

    public async Task DisposeAsync() => await World.DisposeAsync();
}
