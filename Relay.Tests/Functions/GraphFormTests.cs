using System.Text;
using Microsoft.AspNetCore.Http;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Functions;

public sealed class GraphFormTests
{
    private const string Form = "application/x-www-form-urlencoded";
    private const string Head = "messaging_product=whatsapp&to=%2B16505551234&";

    [Theory]
    [InlineData(Head + "text={\"body\":\"h%C3%A4+%26\",\"preview_url\":true}")]
    [InlineData(Head + "text[body]=h%C3%A4+%26&text[preview_url]=true")]
    [InlineData(Head + "text%5Bbody%5D=h%C3%A4%20%26&text%5Bpreview_url%5D=1&unknown=1&unknown=2&a[b][c]=3&text[more][x]=4&[]=5&text[=6")]
    [InlineData(Head + "type=text&recipient_type=individual&context=&typing_indicator=null&text=+{\"preview_url\":true,\"body\":\"h\\u00e4+%26\"}")]
    public async Task A_form_means_what_json_means(string form)
    {
        GraphDriver driver = new(form, Form + "; charset=UTF-8");

        string json = await driver.SendAsync();

        Assert.True(driver.Context.Response.StatusCode == 200, json);
        Assert.Equal(("hä &", true, "+16505551234"), (driver.Text.Body, driver.Text.PreviewUrl, driver.Message.ToInput.Reveal()));
    }

    [Fact]
    public async Task A_text_member_is_text_whatever_it_looks_like()
    {
        GraphDriver driver = new(Head + "text[body]={\"a\":1}&biz_opaque_callback_data=[1]", Form);

        await driver.SendAsync();

        Assert.Equal(("{\"a\":1}", "[1]"), (driver.Text.Body, driver.Message.CallbackData?.Reveal()));
    }

    [Theory]
    [InlineData("to=1&to=2", "field to is given twice")]
    [InlineData("text[body]=a&text[body]=b", "field body is given twice")]
    [InlineData("text[body]=a&text={\"body\":\"canary\"}", "field text is given twice")]
    [InlineData("text={\"body\":\"canary\"", "field text is not well-formed JSON")]
    [InlineData("text={\"body\":\"canary\",\"body\":\"b\"}", "field text is not well-formed JSON, occurs twice")]
    [InlineData("text={\"x\":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}", "too deep")]
    [InlineData("text={\"body\":\"canary\\ud800\"}", "not valid Unicode")]
    [InlineData("text=canary", "The member $.text of the request is of the wrong type")]
    [InlineData("text[preview_url]=canary", "The member $.text.preview_url of the request is of the wrong type")]
    [InlineData(" {\"to\":\"canary\"}", "set Content-Type: application/json")]
    [InlineData("a=1&b=2", "no parameters")]
    public async Task A_mistake_in_a_form_is_named_without_its_content(string form, string details)
    {
        string said = await new GraphDriver(form, Form).RefusedAsync(GraphErrorCode.InvalidParameter);

        Assert.Contains(details, said, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_has_at_most_sixty_four_fields() => Assert.Contains(
        "64 fields",
        await new GraphDriver(string.Join('&', Enumerable.Range(0, 65).Select(i => $"f{i}=1")), Form).RefusedAsync(GraphErrorCode.InvalidParameter),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("\"")]
    public async Task A_multipart_form_means_the_same(string quote)
    {
        GraphDriver driver = new(
            Part("messaging_product", "whatsapp") + Part("to", "16505551234") + Part("text", """{"body":"hä"}""") + "--B--\r\n",
            $"multipart/form-data; boundary={quote}B{quote}");

        string json = await driver.SendAsync();

        Assert.True(driver.Context.Response.StatusCode == 200, json);
        Assert.Equal("hä", driver.Text.Body);
    }

    [Theory]
    [InlineData("multipart/form-data", "--B--", "needs a boundary")]
    [InlineData("multipart/form-data; boundary=B", "--B\r\nContent-Disposition: form-data; name=\"to\"\r\n\r\n1", "not well-formed multipart")]
    [InlineData("multipart/form-data; boundary=B", "nothing of the kind", "not well-formed multipart")]
    [InlineData("multipart/form-data; boundary=B", "--B\r\nContent-Disposition: form-data; name=\"to\"; filename=\"a\"\r\n\r\n1\r\n--B--\r\n", "files are not accepted")]
    [InlineData("multipart/form-data; boundary=B", "--B\r\nX: y\r\n\r\n1\r\n--B--\r\n", "must be a field with a name")]
    public async Task A_broken_multipart_form_is_refused(string contentType, string body, string details) =>
        Assert.Contains(details, await new GraphDriver(body, contentType).RefusedAsync(GraphErrorCode.InvalidParameter), StringComparison.Ordinal);

    [Fact]
    public async Task A_multipart_field_must_be_utf8()
    {
        byte[] body = [.. Encoding.UTF8.GetBytes(Part("to", "\u0001") + "--B--\r\n")];
        body[Array.IndexOf(body, (byte)1)] = 0xff;

        Assert.Contains("UTF-8", await new GraphDriver(body, "multipart/form-data; boundary=B").RefusedAsync(GraphErrorCode.InvalidParameter), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("", "application/json")]
    [InlineData("""{"text":{"body":"hi"}}""", "application/json")]
    [InlineData("text[body]=hi", Form)]
    public async Task Parameters_may_come_in_the_query_too(string body, string? contentType)
    {
        GraphDriver driver = new(body, contentType);
        driver.Context.Request.QueryString = new QueryString("?messaging_product=whatsapp&to=16505551234&fields=id" + (body.Length == 0 ? "&text[body]=hi" : ""));

        string json = await driver.SendAsync();

        Assert.True(driver.Context.Response.StatusCode == 200, json);
        Assert.Equal("hi", driver.Text.Body);
    }

    [Theory]
    [InlineData(GraphDriver.TextBody, "application/json")]
    [InlineData(Head + "text[body]=hi", Form)]
    public async Task The_body_wins_over_the_query(string body, string contentType)
    {
        GraphDriver driver = new(body, contentType);
        driver.Context.Request.QueryString = new QueryString("?to=4915112345678&text[body]=other&text[preview_url]=1");

        await driver.SendAsync();

        Assert.Equal(("16505551234", "hi", false), (driver.Message.To?.Digits, driver.Text.Body, driver.Text.PreviewUrl));
    }

    [Fact]
    public async Task A_member_that_occurs_twice_is_refused_even_where_nobody_knows_it()
    {
        GraphDriver driver = new("""{"x":{"canary":1,"canary":2},"text":{"body":"hi"}}""");
        driver.Context.Request.QueryString = new QueryString("?to=4915112345678");

        Assert.DoesNotContain("canary", await driver.RefusedAsync(GraphErrorCode.InvalidParameter), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_receipt_comes_as_a_form_too()
    {
        GraphDriver driver = new("messaging_product=whatsapp&status=read&message_id=wamid.A%3D%3D&typing_indicator[type]=text", Form);

        Assert.Equal("""{"success":true}""", await driver.SendAsync());
        Assert.Equal(("wamid.A==", true), Assert.IsType<ReadReceiptRequest>(driver.Accepted) is { } read ? (read.MessageId, read.Typing) : default);
    }

    private static string Part(string name, string value) => $"--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n";
}
