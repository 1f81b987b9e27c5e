using System.Text.Json;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.PhoneNumbers;

/// <summary>Phone numbers, accounts and apps as nodes of the Graph, and the list of numbers.</summary>
public sealed class NumberNodeTests
{
    private const string AllFields =
        "id,verified_name,code_verification_status,display_phone_number,quality_rating,platform_type,throughput,webhook_configuration,name_status,status,account_mode,"
        + "host_platform,whatsapp_business_manager_messaging_limit,messaging_limit_tier,is_pin_enabled,is_official_business_account";

    [Fact]
    public async Task A_number_shows_the_fields_that_are_chosen_and_refuses_others_by_name()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);

        JsonElement usual = await business.GetAsync($"v25.0/{business.PhoneNumberId}").OkAsync();
        JsonElement all = await business.GetAsync($"{business.PhoneNumberId}?fields={AllFields}").OkAsync();
        JsonElement one = await business.GetAsync($"v13.0/{business.PhoneNumberId}/?fields= status , throughput ").OkAsync();
        string wrong = await business.GetAsync($"v25.0/{business.PhoneNumberId}?fields=id,certificate").FailsAsync(100);

        Assert.Equal(["id", "verified_name", "code_verification_status", "display_phone_number", "quality_rating", "platform_type", "throughput"], usual.Names());
        Assert.Equal(AllFields.Split(','), all.Names());
        Assert.Equal(
            (business.PhoneNumberId, business.Digits, "Test", "VERIFIED", "CONNECTED", "CLOUD_API", "LIVE", false),
            (
                TestRelay.Text(all, "id"), TestRelay.Text(all, "display_phone_number"), TestRelay.Text(all, "verified_name"), TestRelay.Text(all, "code_verification_status"),
                TestRelay.Text(all, "status"), TestRelay.Text(all, "platform_type"), TestRelay.Text(all, "account_mode"), all.GetProperty("is_pin_enabled").GetBoolean()));
        Assert.Equal($"{{\"id\":\"{business.PhoneNumberId}\",\"status\":\"CONNECTED\",\"throughput\":{{\"level\":\"STANDARD\"}}}}", one.ToString());
        Assert.Contains("Tried accessing nonexisting field (certificate)", wrong, StringComparison.Ordinal);
        Assert.Contains("display_phone_number", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_its_business_and_its_app_are_nodes_and_a_strangers_are_not()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        TestBusiness stranger = await relay.BusinessAsync(null);

        JsonElement account = await business.GetAsync($"v25.0/{business.WabaId}?fields=id,name,timezone_id,message_template_namespace,account_review_status,owner_business_info").OkAsync();
        JsonElement again = await business.GetAsync($"{business.WabaId}").OkAsync();
        string app = TestRelay.Text((await business.GetAsync($"{business.WabaId}/subscribed_apps").OkAsync()).Items()[0].GetProperty("whatsapp_business_api_data"), "id");

        Assert.Equal((business.WabaId, "Test", "0", "APPROVED"), (TestRelay.Text(account, "id"), TestRelay.Text(account, "name"), TestRelay.Text(account, "timezone_id"), TestRelay.Text(account, "account_review_status")));
        Assert.Equal(business.Id, TestRelay.Text(account.GetProperty("owner_business_info"), "id"));
        Assert.Equal(TestRelay.Text(account, "message_template_namespace"), TestRelay.Text(again, "message_template_namespace"));
        Assert.Matches("^[0-9a-f]{8}(_[0-9a-f]{4}){3}_[0-9a-f]{12}$", TestRelay.Text(account, "message_template_namespace"));
        Assert.Equal("Test", TestRelay.Text(await business.GetAsync($"v25.0/{app}").OkAsync(), "name"));
        Assert.Equal("Test", TestRelay.Text(await business.GetAsync($"v25.0/{business.Id}?fields=name").OkAsync(), "name"));
        foreach (string foreign in new[] { business.WabaId, business.PhoneNumberId, business.Id, app, "1" })
        {
            await stranger.GetAsync($"v25.0/{foreign}").FailsAsync(100, 33);
            await stranger.PostAsync("""{"name":"Mine","pin":"123456"}""", path: foreign).FailsAsync(100, 33);
            await stranger.DeleteAsync(foreign).FailsAsync(100, 33);
            await stranger.GetAsync($"v25.0/{foreign}/phone_numbers").FailsAsync(100, 33);
        }
    }

    [Fact]
    public async Task An_accounts_name_and_time_zone_can_be_changed_and_nothing_else()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);

        await business.PostAsync("""{"name":"Caf\u00e9"}""", path: $"v25.0/{business.WabaId}").OkAsync();
        await business.PostAsync("timezone_id=42", "application/x-www-form-urlencoded", path: business.WabaId).OkAsync();
        foreach (string bad in new[] { "{}", """{"name":""}""", $$"""{"name":"{{new string('x', 101)}}"}""", """{"timezone_id":"Europe/Berlin"}""", """{"currency":"EUR"}""" })
        {
            await business.PostAsync(bad, path: business.WabaId).FailsAsync(100);
        }

        JsonElement account = await business.GetAsync($"{business.WabaId}?fields=name,timezone_id").OkAsync();
        Assert.Equal(("Café", "42"), (TestRelay.Text(account, "name"), TestRelay.Text(account, "timezone_id")));
    }

    [Fact]
    public async Task Numbers_are_listed_page_by_page_both_ways_with_their_fields()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        for (int i = 0; i < 4; i++)
        {
            await business.PostAsync($$"""{"phone_number":"{{TestRelay.RandomNumber()}}","verified_name":"More"}""", path: $"v25.0/{business.WabaId}/phone_numbers").OkAsync();
        }

        JsonElement all = await business.GetAsync($"v25.0/{business.WabaId}/phone_numbers").OkAsync();
        string[] ids = [.. all.Items().Select(one => TestRelay.Text(one, "id"))];
        Assert.Equal(5, ids.Length);
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.False(all.GetProperty("paging").TryGetProperty("next", out _));

        List<string> seen = [];
        string? next = $"{business.WabaId}/phone_numbers?fields=id,status&limit=2";
        JsonElement page = default;
        while (next is not null)
        {
            page = await business.GetAsync(next).OkAsync();
            Assert.All(page.Items(), one => Assert.Equal(["id", "status"], one.Names()));
            seen.AddRange(page.Items().Select(one => TestRelay.Text(one, "id")));
            next = page.GetProperty("paging").TryGetProperty("next", out JsonElement address) ? address.GetString() : null;
        }

        Assert.Equal(ids, seen);
        JsonElement back = await business.GetAsync(TestRelay.Text(page.GetProperty("paging"), "previous")).OkAsync();
        Assert.Equal(ids[2..4], back.Items().Select(one => TestRelay.Text(one, "id")));
        JsonElement first = await business.GetAsync(TestRelay.Text(back.GetProperty("paging"), "previous")).OkAsync();
        Assert.Equal(ids[..2], first.Items().Select(one => TestRelay.Text(one, "id")));
        Assert.False(first.GetProperty("paging").TryGetProperty("previous", out _));
        foreach (string bad in new[] { "limit=0", "limit=1001", "limit=x", "after=~", "before=%20", "fields=nothing" })
        {
            await business.GetAsync($"v25.0/{business.WabaId}/phone_numbers?{bad}").FailsAsync(100);
        }
    }
}
