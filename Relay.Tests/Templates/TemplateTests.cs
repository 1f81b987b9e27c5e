using System.Net;
using System.Text.Json;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Templates;

/// <summary>A business keeps its templates through the front door.</summary>
public sealed class TemplateTests
{
    private const string Hello = """{"name":"hello","language":"en_US","category":"UTILITY","components":[{"type":"BODY","text":"Hello there"}]}""";

    private const string Sale = """
        {"name":"sale","language":"en","category":"marketing","parameter_format":"NAMED","allow_category_change":true,"components":[
          {"type":"header","format":"text","text":"Our {{season}} sale","example":{"header_text_named_params":[{"param_name":"season","example":"summer"}]}},
          {"type":"body","text":"Hi {{first_name}}, come in","example":{"body_text_named_params":[{"param_name":"first_name","example":"Ada"}]}},
          {"type":"footer","text":"Until May"},
          {"type":"buttons","buttons":[{"type":"quick_reply","text":"Stop"},{"type":"url","text":"Shop","url":"https://example.com/{{1}}","example":["a"]}]}]}
        """;

    [Fact]
    public async Task A_template_is_made_read_listed_edited_and_deleted()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);

        JsonElement made = await CreateAsync(business, Sale);
        string id = TestRelay.Text(made, "id");
        Assert.Equal((24, "APPROVED", "MARKETING"), (id.Length, TestRelay.Text(made, "status"), TestRelay.Text(made, "category")));

        (HttpStatusCode status, JsonElement read) = await business.GetAsync($"v25.0/{id}");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            ("sale", "en", "NAMED", "APPROVED", "HEADER TEXT", "BUTTONS QUICK_REPLY"),
            (TestRelay.Text(read, "name"), TestRelay.Text(read, "language"), TestRelay.Text(read, "parameter_format"), TestRelay.Text(read, "status"),
                $"{Component(read, 0, "type")} {Component(read, 0, "format")}", $"{Component(read, 3, "type")} {TestRelay.Text(read.GetProperty("components")[3].GetProperty("buttons")[0], "type")}"));
        Assert.Equal("a", read.GetProperty("components")[3].GetProperty("buttons")[1].GetProperty("example")[0].GetString());

        (_, JsonElement list) = await business.GetAsync($"{business.WabaId}/message_templates?fields=name,quality_score,rejected_reason,previous_category");
        JsonElement listed = Assert.Single(list.GetProperty("data").EnumerateArray());
        Assert.Equal($$"""{"name":"sale","rejected_reason":"NONE","quality_score":{"score":"UNKNOWN"},"id":"{{id}}"}""", listed.ToString());

        (status, JsonElement edited) = await business.PostAsync(
            """{"components":[{"type":"BODY","text":"Come in"}],"category":"UTILITY","parameter_format":"POSITIONAL"}""", path: $"v25.0/{id}");
        Assert.Equal((HttpStatusCode.OK, true), (status, edited.GetProperty("success").GetBoolean()));
        (_, read) = await business.GetAsync($"{id}?fields=category,components,parameter_format");
        Assert.Equal($$"""{"parameter_format":"POSITIONAL","components":[{"type":"BODY","text":"Come in"}],"category":"UTILITY","id":"{{id}}"}""", read.ToString());

        (status, _) = await business.DeleteAsync($"v25.0/{business.WabaId}/message_templates?name=sale");
        Assert.Equal(HttpStatusCode.OK, status);
        (status, JsonElement gone) = await business.GetAsync(id);
        Assert.Equal((HttpStatusCode.BadRequest, 33), (status, gone.GetProperty("error").GetProperty("error_subcode").GetInt32()));
        Assert.Empty(relay.Faults);
    }

    [Fact]
    public async Task A_name_is_there_once_in_each_language_and_goes_in_all_of_them_or_in_one()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        string english = TestRelay.Text(await CreateAsync(business, Hello), "id");
        await CreateAsync(business, Hello.Replace("en_US", "de", StringComparison.Ordinal));
        await CreateAsync(business, Hello.Replace("en_US", "fr", StringComparison.Ordinal));
        await CreateAsync(business, Hello.Replace("\"hello\"", "\"hello_2\"", StringComparison.Ordinal));
        Assert.Equal((100, 2388024), await RefusedAsync(business, Hello));

        Assert.Equal(HttpStatusCode.BadRequest, (await business.DeleteAsync($"{business.WabaId}/message_templates?name=hello_2&hsm_id={english}")).Status);
        await business.DeleteAsync($"{business.WabaId}/message_templates?name=hello&hsm_id={english}");
        Assert.Equal(["hello de", "hello fr", "hello_2 en_US"], await NamesAsync(business));
        await business.DeleteAsync($"{business.WabaId}/message_templates?name=hello");
        Assert.Equal(["hello_2 en_US"], await NamesAsync(business));
        Assert.Equal(HttpStatusCode.BadRequest, (await business.DeleteAsync($"{business.WabaId}/message_templates?name=hello")).Status);
        Assert.Equal(english, TestRelay.Text(await CreateAsync(business, Hello), "id"));
    }

    [Fact]
    public async Task Pages_lead_forth_and_back_and_filters_hold_on_each()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        for (int i = 0; i < 7; i++)
        {
            await CreateAsync(business, Hello.Replace("hello", $"t{i}", StringComparison.Ordinal).Replace("UTILITY", i == 3 ? "MARKETING" : "UTILITY", StringComparison.Ordinal));
        }

        List<string> all = await NamesAsync(business);
        string? next = $"{business.WabaId}/message_templates?limit=2&category=UTILITY";
        List<string> met = [];
        string? lastPrevious = null;
        for (int pages = 0; next is not null; pages++)
        {
            (_, JsonElement page) = await business.GetAsync(next);
            met.AddRange(Names(page));
            Assert.InRange(pages, 0, 2);
            next = page.GetProperty("paging").TryGetProperty("next", out JsonElement address) ? address.GetString() : null;
            lastPrevious = page.GetProperty("paging").TryGetProperty("previous", out JsonElement back) ? back.GetString() : null;
        }

        Assert.Equal(all.Where(name => name != "t3 en_US"), met.Order());
        (_, JsonElement second) = await business.GetAsync(lastPrevious!);
        Assert.Equal(met[2..4], Names(second));
        Assert.True(second.GetProperty("paging").TryGetProperty("previous", out _) && second.GetProperty("paging").TryGetProperty("next", out _));

        foreach ((string filter, string[] names) in new (string, string[])[]
        {
            ("name=t3", ["t3 en_US"]), ("status=REJECTED", []), ("language=en_US,de&name=t1,t2", ["t1 en_US", "t2 en_US"]), ("name_or_content=T6", ["t6 en_US"]), ("name=t", []),
        })
        {
            (_, JsonElement filtered) = await business.GetAsync($"{business.WabaId}/message_templates?limit=1000&{filter}");
            Assert.Equal(names, Names(filtered).Order());
        }
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=x")]
    [InlineData("after=nonsense")]
    [InlineData("after=MTIz")]
    [InlineData("limit=1001")]
    [InlineData("before=YWJj")]
    [InlineData("fields=secret")]
    public async Task A_list_that_cant_be_asked_for_so_is_refused(string query)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        (HttpStatusCode status, JsonElement answer) = await business.GetAsync($"{business.WabaId}/message_templates?{query}");
        Assert.Equal((HttpStatusCode.BadRequest, 100), (status, answer.GetProperty("error").GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task An_account_without_templates_has_an_empty_list() => await WithBusinessAsync(async business =>
    {
        (HttpStatusCode status, JsonElement list) = await business.GetAsync($"v21.0/{business.WabaId}/message_templates/");
        Assert.Equal((HttpStatusCode.OK, """{"data":[],"paging":{}}"""), (status, list.ToString()));
    });

    [Fact]
    public async Task Another_businesss_templates_are_as_unknown_as_none()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        TestBusiness other = await relay.BusinessAsync(null);
        string id = TestRelay.Text(await CreateAsync(business, Hello), "id");
        string unknown = new('7', 24);

        foreach ((string theirs, string nobodys) in new[] { (id, unknown), ($"{business.WabaId}/message_templates", "123456789012345/message_templates") })
        {
            (HttpStatusCode status, JsonElement answer) = await other.GetAsync(theirs);
            (HttpStatusCode expected, JsonElement same) = await other.GetAsync(nobodys);
            Assert.Equal((expected, Error(same)), (status, Error(answer)));
            Assert.Equal((HttpStatusCode.BadRequest, 33), (status, answer.GetProperty("error").GetProperty("error_subcode").GetInt32()));
            (status, answer) = await other.PostAsync(Hello, path: theirs);
            Assert.Equal((expected, Error(same)), (status, Error(answer)));
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await other.DeleteAsync($"{business.WabaId}/message_templates?name=hello")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await other.DeleteAsync($"{other.WabaId}/message_templates?name=hello&hsm_id={id}")).Status);
        Assert.Empty(await NamesAsync(other));
        Assert.Equal(["hello en_US"], await NamesAsync(business));
        Assert.NotEqual(id, TestRelay.Text(await CreateAsync(other, Hello), "id"));
    }

    [Fact]
    public async Task A_token_without_the_permission_sees_and_changes_nothing()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        string id = TestRelay.Text(await CreateAsync(business, Hello), "id");
        JsonElement made = await relay.AdminAsync(
            HttpMethod.Post, $"businesses/{business.Id}/access_tokens", new { scopes = new[] { "whatsapp_business_messaging" } });
        string token = TestRelay.Text(made, "access_token");
        foreach (string path in new[] { id, $"{business.WabaId}/message_templates" })
        {
            (HttpStatusCode status, JsonElement answer) = await business.PostAsync(Hello, token: token, path: path);
            Assert.Equal((HttpStatusCode.Forbidden, 200), (status, answer.GetProperty("error").GetProperty("code").GetInt32()));
        }
    }

    [Fact]
    public async Task Clients_are_sloppy() => await WithBusinessAsync(async business =>
    {
        string path = $"{business.WabaId}/message_templates";
        Assert.Equal(HttpStatusCode.OK, (await business.PostAsync("", path: $"v19.0/{path}/?name=a&language=en&category=utility&components=%5B%7B%22type%22%3A%22body%22%2C%22text%22%3A%22Hi%22%7D%5D")).Status);
        using FormUrlEncodedContent form = new([new("name", "b"), new("language", "en"), new("category", "UTILITY"), new("components", """[{"type":"BODY","text":"Hi","example":null}]""")]);
        Assert.Equal(HttpStatusCode.OK, (await business.PostAsync(form, path: path)).Status);
        using MultipartFormDataContent parts = new() { { new StringContent("c"), "name" }, { new StringContent("en"), "language" }, { new StringContent("UTILITY"), "category" }, { new StringContent("""[{"type":"BODY","text":"Hi {{1}}.","example":{"body_text":["Ada"]}}]"""), "components" } };
        Assert.Equal(HttpStatusCode.OK, (await business.PostAsync(parts, path: path)).Status);
        Assert.Equal(["a en", "b en", "c en"], await NamesAsync(business));
    });

    [Theory]
    [InlineData("""{"name":"a","language":"en","category":"UTILITY","components":[{"type":"BODY","text":"Hi","example":"\ud800"}]}""", "{waba}/message_templates")]
    [InlineData("""{"name":"a","language":"en","category":"UTILITY","components":[{"type":"BODY","text":"\ud800"}]}""", "{waba}/message_templates")]
    [InlineData("""{"messaging_product":"whatsapp","to":"16505551234","type":"template","template":{"name":"a","language":{"code":"en"},"components":[{"type":"button","sub_type":"url","index":"\ud800"}]}}""", "{phone}/messages")]
    public async Task Half_a_character_is_refused(string body, string path) => await WithBusinessAsync(async business =>
    {
        (HttpStatusCode status, JsonElement answer) = await business.PostAsync(
            body, path: path.Replace("{waba}", business.WabaId, StringComparison.Ordinal).Replace("{phone}", business.PhoneNumberId, StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.BadRequest, 100), (status, answer.GetProperty("error").GetProperty("code").GetInt32()));
    });

    [Fact]
    public async Task A_template_isnt_deleted_by_its_id_and_keeps_its_name() => await WithBusinessAsync(async business =>
    {
        string id = TestRelay.Text(await CreateAsync(business, Hello), "id");
        Assert.Equal(HttpStatusCode.BadRequest, (await business.DeleteAsync(id)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await business.PostAsync("""{"name":"other","category":"UTILITY"}""", path: id)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await business.PostAsync("{}", path: id)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await business.PostAsync("""{"components":[{"type":"FOOTER","text":"x"}]}""", path: id)).Status);
        Assert.Equal(["hello en_US"], await NamesAsync(business));
    });

    private static string Error(JsonElement answer)
    {
        JsonElement error = answer.GetProperty("error");
        return $"{error.GetProperty("code")} {error.GetProperty("error_subcode")} {error.GetProperty("message")} {error.GetProperty("error_data").GetProperty("details")}";
    }

    private static async Task WithBusinessAsync(Func<TestBusiness, Task> test)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await test(await relay.BusinessAsync(null));
        Assert.Empty(relay.Faults);
    }

    private static async Task<JsonElement> CreateAsync(TestBusiness business, string template)
    {
        (HttpStatusCode status, JsonElement answer) = await business.PostAsync(template, path: $"v25.0/{business.WabaId}/message_templates");
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        return answer;
    }

    private static async Task<(int Code, int Subcode)> RefusedAsync(TestBusiness business, string template)
    {
        (_, JsonElement answer) = await business.PostAsync(template, path: $"v25.0/{business.WabaId}/message_templates");
        JsonElement error = answer.GetProperty("error");
        return (error.GetProperty("code").GetInt32(), error.GetProperty("error_subcode").GetInt32());
    }

    private static async Task<List<string>> NamesAsync(TestBusiness business)
    {
        (_, JsonElement list) = await business.GetAsync($"{business.WabaId}/message_templates?limit=100");
        return [.. Names(list).Order()];
    }

    private static List<string> Names(JsonElement list) =>
        [.. list.GetProperty("data").EnumerateArray().Select(one => $"{TestRelay.Text(one, "name")} {TestRelay.Text(one, "language")}")];

    private static string Component(JsonElement template, int index, string member) => TestRelay.Text(template.GetProperty("components")[index], member);
}
