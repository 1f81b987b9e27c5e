using System.Text;
using System.Text.Json;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.PhoneNumbers;

public sealed class QrCodeTests
{
    [Fact]
    public async Task A_code_is_made_changed_shown_and_deleted()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        string path = $"v25.0/{business.PhoneNumberId}/message_qrdls";
        JsonElement made = await business.PostAsync("", path: $"{path}?prefilled_message=Hi%20there&generate_qr_image=PNG").OkAsync();
        string code = TestRelay.Text(made, "code");
        Assert.Equal(["code", "prefilled_message", "deep_link_url", "qr_image_url"], made.Names());
        Assert.Matches("^[A-Z2-7]{14}$", code);
        Assert.EndsWith("/" + code, TestRelay.Text(made, "deep_link_url"), StringComparison.Ordinal);

        JsonElement changed = await business.PostAsync($$"""{"code":"{{code}}","prefilled_message":"Hello"}""", path: $"{business.PhoneNumberId}/message_qrdls").OkAsync();
        Assert.Equal((code, "Hello"), (TestRelay.Text(changed, "code"), TestRelay.Text(changed, "prefilled_message")));
        JsonElement shown = Assert.Single((await business.GetAsync($"{path}/{code}?fields=code,prefilled_message,creation_time,qr_image_url.format(SVG)").OkAsync()).Items());
        Assert.Equal(["code", "prefilled_message", "creation_time", "qr_image_url"], shown.Names());
        Assert.Equal(JsonValueKind.Number, shown.GetProperty("creation_time").ValueKind);
        Assert.Equal(code, TestRelay.Text(Assert.Single((await business.GetAsync($"{path}?code={code}").OkAsync()).Items()), "code"));

        await business.DeleteAsync($"{path}/{code}").OkAsync();
        await business.DeleteAsync($"{business.PhoneNumberId}/message_qrdls/{code}").FailsAsync(100, 33);
        await business.GetAsync($"{path}/{code}").FailsAsync(100, 33);
        await business.PostAsync($$"""{"code":"{{code}}","prefilled_message":"Back"}""", path: path).FailsAsync(100, 33);
        Assert.Empty((await business.GetAsync(path).OkAsync()).Items());
    }

    [Fact]
    public async Task Codes_are_listed_page_by_page_and_are_their_owners()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        TestBusiness stranger = await relay.BusinessAsync(null);
        List<string> codes = [];
        for (int i = 0; i < 3; i++)
        {
            codes.Add(TestRelay.Text(await business.PostAsync($$"""{"prefilled_message":"{{i}}"}""", path: $"{business.PhoneNumberId}/message_qrdls").OkAsync(), "code"));
        }

        JsonElement first = await business.GetAsync($"v25.0/{business.PhoneNumberId}/message_qrdls?limit=2&fields=code").OkAsync();
        JsonElement last = await business.GetAsync(TestRelay.Text(first.GetProperty("paging"), "next")).OkAsync();
        Assert.Equal(codes.Order(StringComparer.Ordinal), first.Items().Concat(last.Items()).Select(one => TestRelay.Text(one, "code")));

        await stranger.GetAsync($"{business.PhoneNumberId}/message_qrdls").FailsAsync(100, 33);
        await stranger.GetAsync($"{stranger.PhoneNumberId}/message_qrdls/{codes[0]}").FailsAsync(100, 33);
        await stranger.DeleteAsync($"{stranger.PhoneNumberId}/message_qrdls/{codes[0]}").FailsAsync(100, 33);
    }

    [Fact]
    public async Task The_image_is_drawn_for_anybody_and_shows_the_link_alone()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        JsonElement svg = await business.PostAsync("""{"prefilled_message":"Hi","generate_qr_image":"SVG"}""", path: $"{business.PhoneNumberId}/message_qrdls").OkAsync();
        JsonElement png = await business.PostAsync("""{"prefilled_message":"Hi","generate_qr_image":"PNG"}""", path: $"{business.PhoneNumberId}/message_qrdls").OkAsync();

        using HttpResponseMessage drawn = await relay.Http.GetAsync(new Uri(TestRelay.Text(svg, "qr_image_url")));
        Assert.Equal("image/svg+xml", drawn.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("<svg", Encoding.UTF8.GetString(await drawn.Content.ReadAsByteArrayAsync()).TrimStart(), StringComparison.Ordinal);
        byte[] bytes = await relay.Http.GetByteArrayAsync(new Uri(TestRelay.Text(png, "qr_image_url")));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], bytes[..4]);
        using HttpResponseMessage none = await relay.Http.GetAsync(new Uri(relay.Local.BaseAddress, "relay/v1/qr_codes/abc/svg"));
        Assert.Equal(400, (int)none.StatusCode);
    }

    [Theory]
    [InlineData("{\"prefilled_message\":\"\"}")]
    [InlineData("{\"generate_qr_image\":\"PNG\"}")]
    [InlineData("{\"prefilled_message\":\"Hi\",\"generate_qr_image\":\"GIF\"}")]
    public async Task What_breaks_a_rule_is_told(string body)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        string path = $"{business.PhoneNumberId}/message_qrdls";
        await business.PostAsync(body, path: path).FailsAsync(100);
        await business.PostAsync($$"""{"prefilled_message":"{{new string('x', 141)}}"}""", path: path).FailsAsync(100);
        await business.PostAsync("""{"prefilled_message":"Hi","code":"abc"}""", path: path).FailsAsync(100, 33);
        await business.GetAsync($"{path}?fields=qr_image_url.format(GIF)").FailsAsync(100);
    }
}
