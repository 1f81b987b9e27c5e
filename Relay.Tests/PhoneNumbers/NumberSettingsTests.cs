using System.Text.Json;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.PhoneNumbers;

/// <summary>What a business sets for one of its numbers: settings, profile, automation, encryption key.</summary>
public sealed class NumberSettingsTests
{
    [Theory]
    [InlineData("""{"status":"IN_COUNTRY_STORAGE_ENABLED","data_localization_region":"CH"}""", """{"status":"IN_COUNTRY_STORAGE_ENABLED","data_localization_region":"CH"}""")]
    [InlineData("""{"status":"in_country_storage_enabled","region":"ch"}""", """{"status":"IN_COUNTRY_STORAGE_ENABLED","data_localization_region":"CH"}""")]
    [InlineData("""{"enabled":true,"region":"DE"}""", """{"status":"IN_COUNTRY_STORAGE_ENABLED","data_localization_region":"DE"}""")]
    [InlineData("""{"status":"NO_STORAGE_ENABLED","retention_minutes":60}""", """{"status":"NO_STORAGE_ENABLED","retention_minutes":60}""")]
    [InlineData("""{"enabled":false}""", """{"status":"DEFAULT"}""")]
    [InlineData("""{"status":"default"}""", """{"status":"DEFAULT"}""")]
    public async Task Where_and_how_long_is_taken_in_both_spellings_and_answered_in_one(string asked, string answered)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        string path = $"v25.0/{business.PhoneNumberId}/settings";

        await business.PostAsync("""{"storage_configuration":{"status":"NO_STORAGE_ENABLED","retention_minutes":90}}""", path: path).OkAsync();
        await business.PostAsync($"{{\"storage_configuration\":{asked}}}", path: path).OkAsync();

        Assert.Equal(answered, (await business.GetAsync(path).OkAsync()).GetProperty("storage_configuration").ToString());
    }

    [Theory]
    [InlineData("""{"storage_configuration":{"status":"IN_COUNTRY_STORAGE_ENABLED"}}""")]
    [InlineData("""{"storage_configuration":{"status":"IN_COUNTRY_STORAGE_ENABLED","data_localization_region":"FR"}}""")]
    [InlineData("""{"storage_configuration":{"status":"NO_STORAGE_ENABLED","retention_minutes":60,"data_localization_region":"DE"}}""")]
    [InlineData("""{"storage_configuration":{"status":"DEFAULT","region":"DE"}}""")]
    [InlineData("""{"payload_encryption":{"status":"ENABLED","client_encryption_key":"AAAA"}}""")]
    [InlineData("""{"payload_encryption":{}}""")]
    [InlineData("""{"calling":{"status":"DISABLED"}}""")]
    public async Task A_setting_that_makes_no_sense_is_refused(string body)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        await business.PostAsync(body, path: $"{business.PhoneNumberId}/settings").FailsAsync(100);
    }

    [Fact]
    public async Task The_identity_check_is_taken_in_the_specifications_spelling_too_and_encryption_can_stay_off()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        await business.PostAsync("""{"user_identity_change":{"enabled":true},"payload_encryption":{"status":"disabled"}}""", path: $"{business.PhoneNumberId}/settings").OkAsync();

        Assert.Equal(
            """{"user_identity_change":{"enable_identity_key_check":true},"storage_configuration":{"status":"DEFAULT"},"payload_encryption":{"status":"DISABLED"}}""",
            (await business.GetAsync($"{business.PhoneNumberId}/settings").OkAsync()).ToString());
    }

    [Fact]
    public async Task A_profile_is_changed_member_by_member_and_shown_with_its_fields()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        string path = $"v25.0/{business.PhoneNumberId}/whatsapp_business_profile";
        Assert.Equal("""{"data":[{"messaging_product":"whatsapp"}]}""", (await business.GetAsync(path).OkAsync()).ToString());

        await business.PostAsync(
            """{"messaging_product":"whatsapp","about":"Caf\u00e9","address":"Street 1","email":"a@b.example","websites":["https://a.example/","http://b.example"],"vertical":"RETAIL"}""",
            path: path).OkAsync();
        await business.PostAsync("messaging_product=whatsapp&description=We+sell&address=", "application/x-www-form-urlencoded", path: $"{business.PhoneNumberId}/whatsapp_business_profile").OkAsync();

        JsonElement shown = (await business.GetAsync($"{path}?fields=about,address,description,email,profile_picture_url,websites,vertical").OkAsync()).Items()[0];
        Assert.Equal(["about", "description", "email", "websites", "vertical"], shown.Names());
        Assert.Equal(("Café", "We sell", "a@b.example", "RETAIL"), (TestRelay.Text(shown, "about"), TestRelay.Text(shown, "description"), TestRelay.Text(shown, "email"), TestRelay.Text(shown, "vertical")));
        Assert.Equal("""["https://a.example/","http://b.example"]""", shown.GetProperty("websites").ToString());
        await business.GetAsync($"{path}?fields=about,secret").FailsAsync(100);
    }

    [Fact]
    public async Task A_profile_keeps_to_its_limits()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        string path = $"{business.PhoneNumberId}/whatsapp_business_profile";
        string emoji = string.Concat(Enumerable.Repeat("\U0001F600", 139));
        await business.PostAsync(JsonSerializer.Serialize(new { messaging_product = "whatsapp", about = emoji, address = new string('a', 256), description = new string('d', 512) }), path: path).OkAsync();
        await business.PostAsync("""{"about":"x"}""", path: path).FailsAsync(131008);
        foreach (object bad in new object[]
        {
            new { messaging_product = "whatsapp" },
            new { messaging_product = "whatsapp", about = "" },
            new { messaging_product = "whatsapp", about = emoji + "x" },
            new { messaging_product = "whatsapp", address = new string('a', 257) },
            new { messaging_product = "whatsapp", description = new string('d', 513) },
            new { messaging_product = "whatsapp", email = "nobody" },
            new { messaging_product = "whatsapp", email = new string('a', 120) + "@b.example" },
            new { messaging_product = "whatsapp", websites = new[] { "https://a/", "https://b/", "https://c/" } },
            new { messaging_product = "whatsapp", websites = new[] { "javascript:alert(1)" } },
            new { messaging_product = "whatsapp", websites = new[] { "https://" + new string('a', 256) } },
            new { messaging_product = "whatsapp", vertical = "BAKERY" },
            new { messaging_product = "whatsapp", profile_picture_handle = "4::aW1h" },
        })
        {
            Assert.NotEmpty(await business.PostAsync(JsonSerializer.Serialize(bad), path: path).FailsAsync(100));
        }

        await business.PostAsync("""{"messaging_product":"other","about":"x"}""", path: path).FailsAsync(131009);
    }

    [Fact]
    public async Task What_a_number_offers_is_kept_within_its_limits()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        string path = $"v25.0/{business.PhoneNumberId}/conversational_automation";
        await business.PostAsync("""{"enable_welcome_message":true,"prompts":["Book","Ask"]}""", path: path).OkAsync();
        await business.PostAsync("""{"commands":[{"command_name":"tickets","command_description":"Book tickets"}]}""", path: $"{business.PhoneNumberId}/conversational_automation").OkAsync();

        string kept = $$"""{"id":"{{business.PhoneNumberId}}","enable_welcome_message":true,"prompts":["Book","Ask"],"commands":[{"command_name":"tickets","command_description":"Book tickets"}]}""";
        Assert.Equal(kept, (await business.GetAsync(path).OkAsync()).ToString());
        Assert.Equal(kept, (await business.GetAsync($"{business.PhoneNumberId}?fields=conversational_automation").OkAsync()).GetProperty("conversational_automation").ToString());
        foreach (string bad in new[]
        {
            "{\"x\":1}",
            """{"prompts":["1","2","3","4","5"]}""",
            $$"""{"prompts":["{{new string('p', 81)}}"]}""",
            """{"prompts":[null]}""",
            $$"""{"commands":[{{string.Join(',', Enumerable.Range(0, 31).Select(i => "{\"command_name\":\"c" + i + "\",\"command_description\":\"d\"}"))}}]}""",
            """{"commands":[{"command_name":"/tickets","command_description":"d"}]}""",
            """{"commands":[{"command_name":"tickets"}]}""",
            """{"commands":[{"command_name":"a","command_description":"d"},{"command_name":"a","command_description":"e"}]}""",
            $$"""{"commands":[{"command_name":"{{new string('c', 33)}}","command_description":"d"}]}""",
        })
        {
            await business.PostAsync(bad, path: path).FailsAsync(100);
        }

        Assert.Equal(kept, (await business.GetAsync(path).OkAsync()).ToString());
    }
}
