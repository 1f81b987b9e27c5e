using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.LocalHost;
using Relay.Shared.PhoneNumbers.Registration;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.PhoneNumbers;

/// <summary>Whatever a member holds, and whatever is asked of a list: never a fault, and what is refused leaves nothing.</summary>
public sealed class GarbageTests
{
    private static readonly string[] s_values =
    [
        "null", "true", "0", "-1", "1e400", "\"\"", "\" \"", "\"\\u0000\"", "\"\\ud800\"", "\"\\uD83D\\uDE00\"", "[]", "[null]", "[[]]", "[{}]", "{}", "{\"a\":{\"b\":[1]}}",
        "\"" + new string('x', 5_000) + "\"", "[" + string.Join(',', Enumerable.Repeat("\"x\"", 1_200)) + "]", "\"'\\\"<>%00../\"",
    ];

    private static readonly string[] s_queries =
    [
        "fields=", "fields=,", "fields=id{", "fields=id.x(", "fields=id.limit(5)", "fields=analytics.start((((", "fields=%00", "fields=%ff", "fields={}", "limit=-1", "limit=99999999999", "limit=%00",
        "after=AAAA", "after=%00", "after=~~", "before=////", "after=" + "QUFB", "before=QUFB", "code=x", "limit=1&limit=2", "fields=id&fields=name",
    ];

    [Theory]
    [InlineData("{phone}", "webhook_configuration", "pin", "new_display_name", "username")]
    [InlineData("{waba}", "name", "timezone_id")]
    [InlineData("{waba}/phone_numbers", "cc", "phone_number", "verified_name", "migrate_phone_number", "preverified_id")]
    [InlineData("{phone}/request_code", "code_method", "language")]
    [InlineData("{phone}/verify_code", "code")]
    [InlineData("{phone}/settings", "storage_configuration", "payload_encryption", "user_identity_change", "calling")]
    [InlineData("{phone}/whatsapp_business_profile", "about", "address", "description", "email", "websites", "vertical", "profile_picture_handle")]
    [InlineData("{phone}/whatsapp_business_encryption", "business_public_key")]
    [InlineData("{phone}/conversational_automation", "enable_welcome_message", "prompts", "commands")]
    [InlineData("{phone}/message_qrdls", "code", "prefilled_message", "generate_qr_image")]
    [InlineData("{phone}/block_users", "block_users")]
    [InlineData("{app}/subscriptions", "object", "callback_url", "verify_token", "fields")]
    [InlineData("oauth/access_token", "grant_type", "client_id", "client_secret")]
    public async Task A_member_may_hold_anything(string path, params string[] members)
    {
        MemoryAccount account = new(TimeProvider.System);
        await using TestRelay relay = await StartAsync(account);
        TestBusiness business = await relay.BusinessAsync(null);
        string real = await PathAsync(business, path);
        string app = real.EndsWith("/subscriptions", StringComparison.Ordinal) ? $"{real.Split('/')[0]}|{business.AppSecret}" : business.AccessToken;
        IReadOnlyList<string> before = account.Dump();
        foreach (string body in from member in members from value in s_values select $"{{\"messaging_product\":\"whatsapp\",\"{member}\":{value}}}")
        {
            (HttpStatusCode status, JsonElement answer) = await business.PostAsync(body, token: app, path: "v25.0/" + real);
            AssertAnswered(status, answer, body);
            IReadOnlyList<string> after = account.Dump();
            Assert.True(status == HttpStatusCode.OK || after.SequenceEqual(before), $"{body} left something");
            before = after;
        }

        Assert.Empty(relay.Faults);
    }

    [Fact]
    public async Task A_list_and_a_node_may_be_asked_for_anything()
    {
        await using TestRelay relay = await StartAsync(new MemoryAccount(TimeProvider.System));
        TestBusiness business = await relay.BusinessAsync(null);
        foreach (string path in new[]
        {
            "{phone}", "{waba}", "{app}", "{waba}/phone_numbers", "{phone}/whatsapp_business_profile", "{phone}/whatsapp_business_encryption", "{phone}/message_qrdls",
            "{phone}/message_qrdls/AAAAAAAAAAAAAA", "{phone}/message_qrdls/%7e", "{phone}/block_users", "{phone}/conversational_automation", "debug_token",
        })
        {
            string real = await PathAsync(business, path);
            foreach (string query in s_queries)
            {
                (HttpStatusCode status, JsonElement answer) = await business.GetAsync($"v25.0/{real}?{query}");
                AssertAnswered(status, answer, $"{path}?{query}");
            }
        }

        Assert.Empty(relay.Faults);
    }

    private static void AssertAnswered(HttpStatusCode status, JsonElement answer, string what)
    {
        Assert.True(answer.ValueKind == JsonValueKind.Object, $"{what}: {(int)status} without a body");
        Assert.True((int)status < 500, $"{what}: {(int)status} {answer}");
        Assert.True(status == HttpStatusCode.OK || TestRelay.Text(answer.GetProperty("error").GetProperty("error_data"), "details").Length > 0, what);
    }

    private static async Task<string> PathAsync(TestBusiness business, string path)
    {
        string app = TestRelay.Text((await business.GetAsync($"{business.WabaId}/subscribed_apps").OkAsync()).Items()[0].GetProperty("whatsapp_business_api_data"), "id");
        return path.Replace("{phone}", business.PhoneNumberId, StringComparison.Ordinal).Replace("{waba}", business.WabaId, StringComparison.Ordinal).Replace("{app}", app, StringComparison.Ordinal);
    }

    private static Task<TestRelay> StartAsync(MemoryAccount account) => TestRelay.StartAsync(new LocalRelayOptions
    {
        RelayStorage = new RelayStorage(account.Tables, account.Queues, account.Blobs),
        Customize = services => services.AddSingleton<INumberCodeSender>(new NumberCodes()),
    });
}
