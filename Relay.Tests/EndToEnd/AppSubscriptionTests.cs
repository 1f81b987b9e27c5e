using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>What an app does with its own access token; the first test is what n8n's trigger does, call by call.</summary>
public sealed class AppSubscriptionTests
{
    [Fact]
    public async Task An_app_gets_its_token_subscribes_is_told_and_ends_it_as_n8n_does()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        string app = await AppIdAsync(business);
        using TestDevice device = await relay.DeviceAsync();

        JsonElement issued = await CallAsync(
            relay, HttpMethod.Post, "v19.0/oauth/access_token", null, Form(("client_id", app), ("client_secret", business.AppSecret), ("grant_type", "client_credentials"))).OkAsync();
        Assert.Equal("bearer", TestRelay.Text(issued, "token_type"));
        string token = TestRelay.Text(issued, "access_token");
        string path = $"v19.0/{app}/subscriptions";
        Assert.Empty((await CallAsync(relay, HttpMethod.Get, path, token).OkAsync()).Items());

        await CallAsync(relay, HttpMethod.Post, path, token, Form(
            ("object", "whatsapp_business_account"), ("callback_url", receiver.Callback.AbsoluteUri), ("verify_token", receiver.VerifyToken),
            ("fields", """["messages","account_update"]"""), ("include_values", "true"))).OkAsync();
        JsonElement listed = Assert.Single((await CallAsync(relay, HttpMethod.Get, path, token).OkAsync()).Items());
        Assert.Equal(("whatsapp_business_account", receiver.Callback.AbsoluteUri, true), (TestRelay.Text(listed, "object"), TestRelay.Text(listed, "callback_url"), listed.GetProperty("active").GetBoolean()));
        Assert.Equal(["messages", "account_update"], listed.GetProperty("fields").EnumerateArray().Select(field => TestRelay.Text(field, "name")));
        Assert.DoesNotContain(receiver.VerifyToken, listed.ToString(), StringComparison.Ordinal);

        await device.SendAsync(business.Number, "Hello");
        await relay.DrainAsync();
        Delivery delivery = Assert.Single(receiver.Deliveries);
        Assert.True(delivery.IsMessage && delivery.IsSignedBy(business.AppSecret));

        await CallAsync(relay, HttpMethod.Delete, path, token, Form(("object", "whatsapp_business_account"))).OkAsync();
        Assert.Empty((await CallAsync(relay, HttpMethod.Get, path, token).OkAsync()).Items());
        await device.SendAsync(business.Number, "Anybody?");
        await relay.DrainAsync();
        Assert.Single(receiver.Deliveries);
        Assert.Empty(relay.Faults);
    }

    [Fact]
    public async Task A_callback_is_called_for_the_fields_it_subscribed_to_alone()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        string app = await AppIdAsync(business);
        string token = await TokenAsync(relay, business, app);
        using TestDevice device = await relay.DeviceAsync();
        string query = $"object=whatsapp_business_account&callback_url={Uri.EscapeDataString(receiver.Callback.AbsoluteUri)}&verify_token={receiver.VerifyToken}";

        await CallAsync(relay, HttpMethod.Post, $"{app}/subscriptions?{query}&fields=account_update,security", token).OkAsync();
        await device.SendAsync(business.Number, "Not for you");
        await relay.DrainAsync();
        Assert.Empty(receiver.Deliveries);

        await CallAsync(relay, HttpMethod.Post, $"{app}/subscriptions?{query}&fields=messages,security", token).OkAsync();
        await device.SendAsync(business.Number, "For you");
        await relay.DrainAsync();
        Assert.Single(receiver.Deliveries);

        await CallAsync(relay, HttpMethod.Delete, $"{app}/subscriptions?object=whatsapp_business_account&fields=messages", token).OkAsync();
        JsonElement left = Assert.Single((await CallAsync(relay, HttpMethod.Get, $"{app}/subscriptions", token).OkAsync()).Items());
        Assert.Equal("security", TestRelay.Text(Assert.Single(left.GetProperty("fields").EnumerateArray()), "name"));
        await device.SendAsync(business.Number, "Not any more");
        await relay.DrainAsync();
        Assert.Single(receiver.Deliveries);
        await CallAsync(relay, HttpMethod.Delete, $"{app}/subscriptions?fields=security", token).OkAsync();
        Assert.Empty((await CallAsync(relay, HttpMethod.Get, $"{app}/subscriptions", token).OkAsync()).Items());
    }

    [Fact]
    public async Task A_wrong_secret_a_strangers_app_and_a_users_token_get_nowhere()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        TestBusiness stranger = await relay.BusinessAsync(null);
        string app = await AppIdAsync(business);
        string token = await TokenAsync(relay, business, app);
        foreach ((string query, int code) in new[]
        {
            ($"client_id={app}&client_secret={stranger.AppSecret}&grant_type=client_credentials", 0),
            ($"client_id=1&client_secret={business.AppSecret}&grant_type=client_credentials", 0),
            ($"client_id=x&client_secret={business.AppSecret}&grant_type=client_credentials", 0),
            ($"client_id={app}&grant_type=client_credentials", 100),
            ($"client_id={app}&client_secret={business.AppSecret}", 100),
            ($"client_id={app}&client_secret={business.AppSecret}&grant_type=fb_exchange_token", 100),
        })
        {
            await CallAsync(relay, HttpMethod.Get, $"oauth/access_token?{query}", null).FailsAsync(code);
        }

        string path = $"v25.0/{app}/subscriptions";
        foreach (HttpMethod method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Delete })
        {
            await CallAsync(relay, method, path, null).FailsAsync(190);
            await CallAsync(relay, method, path, $"{app}|AAAA").FailsAsync(190);
            await CallAsync(relay, method, path, business.AccessToken).FailsAsync(15);
            await CallAsync(relay, method, path, await TokenAsync(relay, stranger, await AppIdAsync(stranger))).FailsAsync(100, 33);
        }

        // An app's token opens what is the app's, and nothing else.
        Assert.Equal("Test", TestRelay.Text(await CallAsync(relay, HttpMethod.Get, $"v25.0/{app}?fields=id,name", token).OkAsync(), "name"));
        await CallAsync(relay, HttpMethod.Get, $"v25.0/{business.WabaId}", token).FailsAsync(100, 33);
        await CallAsync(relay, HttpMethod.Get, $"v25.0/{business.PhoneNumberId}/settings", token).FailsAsync(190);
        await business.PostAsync(TestBusiness.Text(TestRelay.RandomNumber(), "No"), token: token).FailsAsync(190);
        foreach ((string name, string value) in new[] { ("object", "user"), ("callback_url", "http://10.0.0.1/"), ("verify_token", "wrong"), ("fields", "nothing"), ("fields", "[1]"), ("fields", "{}"), ("fields", "[") })
        {
            Dictionary<string, string> form = new()
            {
                ["object"] = "whatsapp_business_account", ["callback_url"] = receiver.Callback.AbsoluteUri, ["verify_token"] = receiver.VerifyToken, ["fields"] = "messages",
            };
            form[name] = value;
            (HttpStatusCode status, _) = await CallAsync(relay, HttpMethod.Post, path, token, new FormUrlEncodedContent(form));
            Assert.Equal(HttpStatusCode.BadRequest, status);
        }

        Assert.Empty((await CallAsync(relay, HttpMethod.Get, path, token).OkAsync()).Items());
        // As with Meta, the secret itself is as good.
        await CallAsync(relay, HttpMethod.Get, path, $"{app}|{business.AppSecret}").OkAsync();
    }

    [Fact]
    public async Task A_token_of_ones_own_is_told_about_and_any_other_is_invalid()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        TestBusiness stranger = await relay.BusinessAsync(null);
        string app = await AppIdAsync(business);
        string token = await TokenAsync(relay, business, app);
        JsonElement limited = await relay.AdminAsync(
            HttpMethod.Post, $"businesses/{business.Id}/access_tokens", new { scopes = new[] { "whatsapp_business_messaging" }, expires_at = 4_102_444_800 });

        JsonElement user = (await CallAsync(relay, HttpMethod.Get, $"v25.0/debug_token?input_token={TestRelay.Text(limited, "access_token")}", token).OkAsync()).GetProperty("data");
        Assert.Equal(
            (app, "SYSTEM_USER", "Test", 4_102_444_800, true),
            (TestRelay.Text(user, "app_id"), TestRelay.Text(user, "type"), TestRelay.Text(user, "application"), user.GetProperty("expires_at").GetInt64(), user.GetProperty("is_valid").GetBoolean()));
        Assert.Equal("""["whatsapp_business_messaging"]""", user.GetProperty("scopes").ToString());
        Assert.Equal(business.WabaId, user.GetProperty("granular_scopes")[0].GetProperty("target_ids")[0].GetString());
        JsonElement itself = (await CallAsync(relay, HttpMethod.Get, $"debug_token?input_token={Uri.EscapeDataString(token)}&access_token={business.AccessToken}", null).OkAsync()).GetProperty("data");
        Assert.Equal(("APP", true, 0), (TestRelay.Text(itself, "type"), itself.GetProperty("is_valid").GetBoolean(), itself.GetProperty("expires_at").GetInt64()));

        await relay.AdminAsync(HttpMethod.Delete, $"businesses/{business.Id}/access_tokens/{TestRelay.Text(limited, "id")}", new { });
        foreach (string other in new[]
        {
            TestRelay.Text(limited, "access_token"), stranger.AccessToken, await TokenAsync(relay, stranger, await AppIdAsync(stranger)), "x", $"{app}|x",
            business.AccessToken[..^1] + (business.AccessToken[^1] == 'A' ? 'E' : 'A'),
        })
        {
            JsonElement data = (await CallAsync(relay, HttpMethod.Get, $"debug_token?input_token={Uri.EscapeDataString(other)}", token).OkAsync()).GetProperty("data");
            Assert.False(data.GetProperty("is_valid").GetBoolean());
            Assert.Equal(190, data.GetProperty("error").GetProperty("code").GetInt32());
            Assert.Equal(["error", "is_valid", "scopes"], data.Names());
        }

        await CallAsync(relay, HttpMethod.Get, "debug_token", token).FailsAsync(100);
        await CallAsync(relay, HttpMethod.Get, $"debug_token?input_token={business.AccessToken}", null).FailsAsync(190);
    }

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) => new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    private static async Task<string> AppIdAsync(TestBusiness business) =>
        TestRelay.Text((await business.GetAsync($"{business.WabaId}/subscribed_apps").OkAsync()).Items()[0].GetProperty("whatsapp_business_api_data"), "id");

    private static async Task<string> TokenAsync(TestRelay relay, TestBusiness business, string app) => TestRelay.Text(
        await CallAsync(relay, HttpMethod.Get, $"oauth/access_token?client_id={app}&client_secret={business.AppSecret}&grant_type=client_credentials", null).OkAsync(), "access_token");

    private static async Task<(HttpStatusCode Status, JsonElement Answer)> CallAsync(TestRelay relay, HttpMethod method, string path, string? token, HttpContent? content = null)
    {
        using HttpRequestMessage request = new(method, new Uri(relay.Local.BaseAddress, path)) { Content = content };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await relay.Http.SendAsync(request);
        return (response.StatusCode, JsonDocument.Parse(Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync())).RootElement);
    }
}
