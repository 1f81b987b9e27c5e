using System.Net;
using System.Text.Json;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.PhoneNumbers;

/// <summary>Who may call what: of every edge of a number and an account, with a version and without.</summary>
public sealed class EdgeAccessTests
{
    private static readonly (string Verb, string Path, string Body)[] s_managed =
    [
        ("GET", "{phone}", ""), ("POST", "{phone}", """{"pin":"123456"}"""), ("GET", "{waba}", ""), ("POST", "{waba}", """{"name":"New"}"""), ("GET", "{business}", ""),
        ("GET", "{waba}/phone_numbers", ""), ("POST", "{waba}/phone_numbers", """{"phone_number":"4915112345678","verified_name":"New"}"""),
        ("POST", "{phone}/request_code", """{"code_method":"SMS","language":"en_US"}"""), ("POST", "{phone}/verify_code", """{"code":"123456"}"""),
        ("POST", "{phone}/register", """{"messaging_product":"whatsapp","pin":"123456"}"""), ("POST", "{phone}/deregister", ""),
        ("GET", "{phone}/settings", ""), ("POST", "{phone}/settings", """{"user_identity_change":{"enabled":true}}"""),
        ("GET", "{phone}/whatsapp_business_profile", ""), ("POST", "{phone}/whatsapp_business_profile", """{"messaging_product":"whatsapp","about":"New"}"""),
        ("GET", "{phone}/whatsapp_business_encryption", ""), ("POST", "{phone}/whatsapp_business_encryption", """{"business_public_key":"x"}"""),
        ("GET", "{phone}/conversational_automation", ""), ("POST", "{phone}/conversational_automation", """{"enable_welcome_message":true}"""),
        ("GET", "{phone}/message_qrdls", ""), ("POST", "{phone}/message_qrdls", """{"prefilled_message":"Hi"}"""), ("GET", "{phone}/message_qrdls/AAAAAAAAAAAAAA", ""),
        ("DELETE", "{phone}/message_qrdls/AAAAAAAAAAAAAA", ""),
    ];

    private static readonly (string Verb, string Path, string Body)[] s_messaging =
    [
        ("GET", "{phone}/block_users", ""), ("POST", "{phone}/block_users", """{"messaging_product":"whatsapp","block_users":[{"user":"+4915112345678"}]}"""),
        ("DELETE", "{phone}/block_users", """{"messaging_product":"whatsapp","block_users":[{"user":"+4915112345678"}]}"""),
    ];

    [Theory]
    [InlineData("v25.0/")]
    [InlineData("v13.0/")]
    [InlineData("")]
    public async Task A_stranger_finds_nothing_a_token_without_the_permission_is_told_which_and_nobody_gets_in_without_one(string version)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        TestBusiness stranger = await relay.BusinessAsync(null);
        foreach ((string verb, string path, string body) in s_managed.Concat(s_messaging))
        {
            string missing = s_messaging.Contains((verb, path, body)) ? "whatsapp_business_messaging" : "whatsapp_business_management";
            string other = missing == "whatsapp_business_management" ? "whatsapp_business_messaging" : "whatsapp_business_management";
            string limited = TestRelay.Text(
                await relay.AdminAsync(HttpMethod.Post, $"businesses/{business.Id}/access_tokens", new { scopes = new[] { other } }), "access_token");
            string real = version + path.Replace("{phone}", business.PhoneNumberId, StringComparison.Ordinal)
                .Replace("{waba}", business.WabaId, StringComparison.Ordinal).Replace("{business}", business.Id, StringComparison.Ordinal);

            Assert.Equal((100, 33, ""), await CodeAsync(relay, verb, real, body, stranger.AccessToken));
            (int code, int subcode, string details) = await CodeAsync(relay, verb, real, body, limited);
            Assert.True((code, subcode) == (200, 0) && details.Contains(missing, StringComparison.Ordinal), $"{verb} {real}: {code} {details}");
            Assert.Equal(190, (await CodeAsync(relay, verb, real, body, "rly_live_x")).Code);
        }
    }

    private static async Task<(int Code, int Subcode, string Details)> CodeAsync(TestRelay relay, string verb, string path, string body, string token)
    {
        using HttpRequestMessage request = new(HttpMethod.Parse(verb), new Uri(relay.Local.BaseAddress, path));
        request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", token);
        request.Content = body.Length == 0 ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await relay.Http.SendAsync(request);
        Assert.NotEqual(HttpStatusCode.OK, response.StatusCode);
        JsonElement error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        int code = error.GetProperty("code").GetInt32();
        return (code, error.TryGetProperty("error_subcode", out JsonElement sub) ? sub.GetInt32() : 0, code == 100 ? "" : TestRelay.Text(error.GetProperty("error_data"), "details"));
    }
}
