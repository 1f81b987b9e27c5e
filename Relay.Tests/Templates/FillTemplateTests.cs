using System.Text.Json;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Graph.Templates;
using Relay.Shared.Primitives;
using Relay.Shared.Templates;
using Relay.Shared.Templates.Rendering;
using Xunit;

namespace Relay.Tests.Templates;

/// <summary>Template and parameters, and what a device gets of them.</summary>
public sealed class FillTemplateTests
{
    private const string Body = """{"type":"BODY","text":"Hi {{1}}, you owe {{2}}.","example":{"body_text":[["a","b"]]}}""";
    private const string GoodBody = """{"type":"body","parameters":[{"type":"text","text":"Ada"},{"type":"currency","currency":{"fallback_value":"$5","code":"USD","amount_1000":5000}}]}""";
    private const string Plain = """{"type":"BODY","text":"Hi"}""";

    [Theory]
    [InlineData(Plain, "", """ "body":{"text":"Hi"} """)]
    [InlineData(Body, GoodBody, """ "body":{"text":"Hi Ada, you owe $5."} """)]
    [InlineData(
        """{"type":"BODY","text":"On {{1}}, {{1}}!","example":{"body_text":[["a"]]}},{"type":"FOOTER","text":"Bye"}""",
        """{"type":"BODY","parameters":[{"type":"date_time","date_time":{"fallback_value":"May 1"}}]},null""",
        """ "body":{"text":"On May 1, May 1!"},"footer":{"text":"Bye"} """)]
    [InlineData(
        Plain + """,{"type":"HEADER","text":"Sale {{1}}","example":{"header_text":["a"]}}""",
        """{"type":"header","parameters":[{"type":"text","text":"now"}]}""",
        """ "header":{"type":"text","text":"Sale now"},"body":{"text":"Hi"} """)]
    [InlineData(
        Plain + """,{"type":"HEADER","format":"IMAGE"}""",
        """{"type":"header","parameters":[{"type":"image","image":{"id":"123"}}]}""",
        """ "header":{"type":"image","image":{"id":"123"}},"body":{"text":"Hi"} """)]
    [InlineData(
        Plain + """,{"type":"HEADER","format":"DOCUMENT"}""",
        """{"type":"header","parameters":[{"type":"document","document":{"link":"https://example.com/a.pdf","filename":"a.pdf"}}]}""",
        """ "header":{"type":"document","document":{"link":"https://example.com/a.pdf","filename":"a.pdf"}},"body":{"text":"Hi"} """)]
    [InlineData(
        Plain + """,{"type":"HEADER","format":"LOCATION"}""",
        """{"type":"header","parameters":[{"type":"location","location":{"latitude":"52.5","longitude":4,"name":"Here"}}]}""",
        """ "header":{"type":"location","location":{"latitude":52.5,"longitude":4,"name":"Here"}},"body":{"text":"Hi"} """)]
    [InlineData(
        Plain + """,{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"Yes"},{"type":"QUICK_REPLY","text":"No"},{"type":"URL","text":"Go","url":"https://example.com/{{1}}","example":["a"]},{"type":"URL","text":"Home","url":"https://example.com/"},{"type":"PHONE_NUMBER","text":"Call","phone_number":"+16505551234"},{"type":"COPY_CODE","text":"Copy","example":"A"}]}""",
        """{"type":"button","sub_type":"quick_reply","index":"0","parameters":[{"type":"payload","payload":"y"}]},{"type":"button","sub_type":"url","index":2,"parameters":[{"type":"text","text":"x?y=1"}]},{"type":"button","sub_type":"COPY_CODE","index":5,"parameters":[{"type":"coupon_code","coupon_code":"25OFF"}]}""",
        """ "body":{"text":"Hi"},"buttons":[{"type":"quick_reply","text":"Yes","payload":"y"},{"type":"quick_reply","text":"No","payload":"No"},{"type":"url","text":"Go","url":"https://example.com/x?y=1"},{"type":"url","text":"Home","url":"https://example.com/"},{"type":"phone_number","text":"Call","phone_number":"+16505551234"},{"type":"copy_code","text":"Copy","code":"25OFF"}] """)]
    [InlineData(
        Plain + """,{"type":"BUTTONS","buttons":[{"type":"FLOW","text":"Book","flow_id":"7","flow_action":"navigate","navigate_screen":"S"}]}""",
        """{"type":"button","sub_type":"flow","index":"0","parameters":[{"type":"action","action":{"flow_token":"t","flow_action_data":{"k":[1]}}}]}""",
        """ "body":{"text":"Hi"},"buttons":[{"type":"flow","text":"Book","flow_id":"7","flow_action":"navigate","navigate_screen":"S","flow_token":"t","flow_action_data":{"k":[1]}}] """)]
    [InlineData(
        Plain + """,{"type":"BUTTONS","buttons":[{"type":"CATALOG","text":"See"}]}""",
        """{"type":"button","sub_type":"CATALOG","index":0,"parameters":[{"type":"action","action":{"thumbnail_product_retailer_id":"p"}}]}""",
        """ "body":{"text":"Hi"},"buttons":[{"type":"catalog","text":"See","thumbnail_product_retailer_id":"p"}] """)]
    public void What_fits_is_filled(string components, string given, string expected)
    {
        RenderedTemplate rendered = Filled(components, given);
        Assert.Equal(
            """{"type":"template","template":{"name":"a","language":{"code":"en"},"category":"UTILITY",""" + expected.Trim() + "}}", rendered.Message.GetRawText());
        Assert.Equal(MessageCategory.Utility, rendered.Category);
    }

    [Theory]
    [InlineData(Body, "", 132000)]
    [InlineData(Body, """{"type":"body","parameters":[{"type":"text","text":"a"}]}""", 132000)]
    [InlineData(Body, """{"type":"body","parameters":[{"type":"text","text":"a"},{"type":"text","text":"b"},{"type":"text","text":"c"}]}""", 132000)]
    [InlineData(Plain, """{"type":"body","parameters":[{"type":"text","text":"a"}]}""", 132000)]
    [InlineData(Plain, """{"type":"header","parameters":[{"type":"text","text":"a"}]}""", 132000)]
    [InlineData(Body, """{"type":"body","parameters":[{"type":"text","text":"a"},{"type":"image","image":{"id":"1"}}]}""", 132012)]
    [InlineData(Body, """{"type":"body","parameters":[{"type":"text","text":"a"},{"type":"text"}]}""", 131008)]
    [InlineData(Body, """{"type":"body","parameters":[{"type":"text","text":"a"},{"type":"text","text":""}]}""", 131008)]
    [InlineData(Body, """{"type":"body","parameters":[{"type":"text","text":"a"},{"text":"b"}]}""", 131008)]
    [InlineData(Body, """{"type":"body","parameters":[{"type":"text","text":"a"},{"type":"text","text":"b\nc"}]}""", 132018)]
    [InlineData(Body, """{"type":"body","parameters":[{"type":"text","text":"a"},{"type":"text","text":"b     c"}]}""", 132018)]
    [InlineData(Body, GoodBody + "," + GoodBody, 132018)]
    [InlineData(Body, """{"parameters":[]}""", 131008)]
    [InlineData(Body, """{"type":"carousel","cards":[]}""", 132012)]
    [InlineData(Plain + """,{"type":"HEADER","format":"IMAGE"}""", "", 132012)]
    [InlineData(Plain + """,{"type":"HEADER","format":"IMAGE"}""", """{"type":"header","parameters":[{"type":"video","video":{"id":"1"}}]}""", 132012)]
    [InlineData(Plain + """,{"type":"HEADER","format":"IMAGE"}""", """{"type":"header","parameters":[{"type":"image","image":{}}]}""", 131008)]
    [InlineData(Plain + """,{"type":"HEADER","format":"IMAGE"}""", """{"type":"header","parameters":[{"type":"image","image":{"id":"1","link":"https://example.com"}}]}""", 131008)]
    [InlineData(Plain + """,{"type":"HEADER","format":"IMAGE"}""", """{"type":"header","parameters":[{"type":"image","image":{"link":"no address"}}]}""", 131009)]
    [InlineData(Plain + """,{"type":"HEADER","format":"IMAGE"}""", """{"type":"header","parameters":[{"type":"image","image":{"link":"file:///etc/passwd"}}]}""", 131009)]
    [InlineData(Plain + """,{"type":"HEADER","format":"LOCATION"}""", """{"type":"header","parameters":[{"type":"location","location":{"latitude":1}}]}""", 131008)]
    [InlineData(Plain + """,{"type":"HEADER","format":"LOCATION"}""", """{"type":"header","parameters":[{"type":"location","location":{"latitude":91,"longitude":0}}]}""", 131009)]
    [InlineData(Plain, """{"type":"button","sub_type":"url","index":"0","parameters":[]}""", 132018)]
    [InlineData(Plain + """,{"type":"BUTTONS","buttons":[{"type":"URL","text":"a","url":"https://example.com/{{1}}","example":["a"]}]}""", "", 131008)]
    [InlineData(Plain + """,{"type":"BUTTONS","buttons":[{"type":"URL","text":"a","url":"https://example.com/"}]}""", """{"type":"button","sub_type":"url","index":"0","parameters":[{"type":"text","text":"a"}]}""", 132018)]
    [InlineData(Plain + """,{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"a"}]}""", """{"type":"button","sub_type":"url","index":"0","parameters":[{"type":"text","text":"a"}]}""", 132012)]
    [InlineData(Plain + """,{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"a"}]}""", """{"type":"button","sub_type":"quick_reply","index":"0","parameters":[{"type":"text","text":"a"}]}""", 132012)]
    [InlineData(Plain + """,{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"a"}]}""", """{"type":"button","sub_type":"quick_reply","index":"1","parameters":[]}""", 132018)]
    [InlineData(Plain + """,{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"a"}]}""", """{"type":"button","sub_type":"quick_reply","index":"x","parameters":[]}""", 132018)]
    [InlineData(Plain + """,{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"a"}]}""", """{"type":"button","index":"0","parameters":[]}""", 131008)]
    [InlineData(Plain + """,{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"a"}]}""", """{"type":"button","sub_type":"quick_reply","index":"0","parameters":[{"type":"payload","payload":"a"},{"type":"payload","payload":"b"}]}""", 132000)]
    [InlineData(Plain + """,{"type":"BUTTONS","buttons":[{"type":"COPY_CODE","example":"A"}]}""", """{"type":"button","sub_type":"copy_code","index":"0","parameters":[{"type":"coupon_code","coupon_code":"123456789012345678901"}]}""", 132018)]
    public void What_doesnt_is_refused(string components, string given, int code) =>
        Assert.Equal(code, Fill(components, given).Error?.Code.Code);

    [Fact]
    public void Places_with_names_are_filled_by_name()
    {
        const string named = """{"type":"BODY","text":"{{a}} {{b}}","example":{}}""";
        TemplateDefinition definition = Definition(named) with { IsNamed = true };
        Assert.Equal("1 2", Text(definition, """{"type":"text","parameter_name":"b","text":"2"},{"type":"text","parameter_name":"a","text":"1"}"""));
        Assert.Null(Text(definition, """{"type":"text","text":"2"},{"type":"text","text":"1"}"""));
        Assert.Null(Text(definition, """{"type":"text","parameter_name":"a","text":"2"},{"type":"text","parameter_name":"a","text":"1"}"""));
        Assert.Null(Text(definition, """{"type":"text","parameter_name":"a","text":"2"},{"type":"text","parameter_name":"c","text":"1"}"""));
    }

    [Fact]
    public void A_code_comes_with_the_text_that_is_given()
    {
        const string components = """{"type":"BODY","add_security_recommendation":true},{"type":"FOOTER","code_expiration_minutes":5},{"type":"BUTTONS","buttons":[{"type":"OTP","otp_type":"COPY_CODE"}]}""";
        Assert.True(TemplateRules.Check(Request(components) with { Category = "AUTHENTICATION" }).TryGet(out TemplateDefinition? definition, out _));
        const string code = """{"type":"body","parameters":[{"type":"text","text":"123456"}]},{"type":"button","sub_type":"url","index":"0","parameters":[{"type":"text","text":"123456"}]}""";
        Assert.True(FillTemplate.Execute(definition, Message(code)).TryGet(out RenderedTemplate? rendered, out GraphError? error), error?.Details);
        Assert.EndsWith(
            """ "category":"AUTHENTICATION","body":{"text":"*123456* is your verification code. For your security, do not share this code."},"footer":{"text":"This code expires in 5 minutes."},"buttons":[{"type":"copy_code","text":"Copy code","code":"123456"}]}}""".TrimStart(),
            rendered.Message.GetRawText(),
            StringComparison.Ordinal);
        Assert.Equal(MessageCategory.Authentication, rendered.Category);
        Assert.Equal(131008, FillTemplate.Execute(definition, Message(code[..code.IndexOf("},{\"type\":\"button\"", StringComparison.Ordinal)] + "}")).Error?.Code.Code);
    }

    [Theory]
    [InlineData("", 1_020, 0)]
    [InlineData("", 30_000, 0)]
    [InlineData("", 32_769, 132005)]
    [InlineData(""",{"type":"FOOTER","text":"x"}""", 1_020, 0)]
    [InlineData(""",{"type":"FOOTER","text":"x"}""", 1_025, 132005)]
    public void A_filled_text_has_a_limit(string more, int length, int code)
    {
        string given = $$"""{"type":"body","parameters":[{"type":"text","text":"{{new string('x', length)}}"}]}""";
        Assert.Equal(code, Fill("""{"type":"BODY","text":"a {{1}}.","example":{"body_text":[["a"]]}}""" + more, given).Error?.Code.Code ?? 0);
    }

    [Fact]
    public void What_fits_no_envelope_is_refused() => Assert.Equal(
        132005,
        Fill(
            """{"type":"BODY","text":"a {{1}}.","example":{"body_text":[["a"]]}}""",
            $$"""{"type":"body","parameters":[{"type":"text","text":"{{new string('\u20ac', 13_000)}}"}]}""").Error?.Code.Code);

    private static RenderedTemplate Filled(string components, string given)
    {
        Assert.True(Fill(components, given).TryGet(out RenderedTemplate? rendered, out GraphError? error), error?.Details);
        return rendered;
    }

    private static string? Text(TemplateDefinition definition, string parameters) =>
        FillTemplate.Execute(definition, Message($$"""{"type":"body","parameters":[{{parameters}}]}""")).TryGet(out RenderedTemplate? rendered, out _)
            ? rendered.Message.GetProperty("template").GetProperty("body").GetProperty("text").GetString()
            : null;

    private static Result<RenderedTemplate, GraphError> Fill(string components, string given)
    {
        Assert.True(TemplateRules.Check(Request(components)).TryGet(out TemplateDefinition? definition, out GraphError? error), error?.Details);
        return FillTemplate.Execute(definition, Message(given));
    }

    private static TemplateDefinition Definition(string component) => new()
    {
        Name = "a",
        Language = "en",
        Category = MessageCategory.Utility,
        IsNamed = false,
        Components = [JsonSerializer.Deserialize<TemplateComponent>(component)!],
    };

    private static TemplateRequest Request(string components) => JsonSerializer.Deserialize(
        $$"""{"name":"a","language":"en","category":"UTILITY","components":[{{components}}]}""", GraphJson.Default.TemplateRequest)!;

    private static TemplateMessage Message(string components) =>
        JsonSerializer.Deserialize<TemplateMessage>($$"""{"name":"a","language":{"code":"en"},"components":[{{components}}]}""")!;
}
