using System.Globalization;
using System.Text.Json;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Templates;
using Relay.Shared.Primitives;
using Relay.Shared.Templates;
using Xunit;

namespace Relay.Tests.Templates;

/// <summary>What a template may be, rule by rule. <c>~n</c> stands for n letters.</summary>
public sealed class TemplateRulesTests
{
    private const string Body = """{"type":"BODY","text":"Hi"}""";

    [Theory]
    [InlineData("a", true)]
    [InlineData("a_1", true)]
    [InlineData("~512", true)]
    [InlineData("~513", false)]
    [InlineData("", false)]
    [InlineData("Hello", false)]
    [InlineData("a-b", false)]
    [InlineData("\u00e4", false)]
    public void A_name_has_lower_case_letters_digits_and_underscores(string name, bool isGood) => Assert.Equal(isGood, IsGood(Request(Body) with { Name = Expand(name) }));

    [Theory]
    [InlineData("en", true)]
    [InlineData("fil", true)]
    [InlineData("pt_BR", true)]
    [InlineData("en-US", false)]
    [InlineData("EN", false)]
    [InlineData("en_us", false)]
    [InlineData("english", false)]
    [InlineData("en_US_x", false)]
    [InlineData(null, false)]
    public void A_language_is_a_code(string? language, bool isGood) => Assert.Equal(isGood, IsGood(Request(Body) with { Language = language }));

    [Theory]
    [InlineData("MARKETING", null, true)]
    [InlineData("utility", "named", true)]
    [InlineData("TRANSACTIONAL", null, false)]
    [InlineData("SERVICE", null, false)]
    [InlineData(null, null, false)]
    [InlineData("UTILITY", "ORDERED", false)]
    public void Category_and_format_are_of_a_list(string? category, string? format, bool isGood) =>
        Assert.Equal(isGood, IsGood(Request(Body) with { Category = category, ParameterFormat = format }));

    [Theory]
    [InlineData("""{"type":"BODY","text":"~1024"}""")]
    [InlineData("""{"type":"BODY","text":"Hi {{1}} and {{2}} and {{1}} again","example":{"body_text":[["a","b"]]}}""")]
    [InlineData("""{"type":"BODY","text":"Line\nline"},{"type":"FOOTER","text":"~60"}""")]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"HEADER","format":"TEXT","text":"~60"}""")]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"HEADER","text":"Hi {{1}}","example":{"header_text":"a"}}""")]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"HEADER","format":"IMAGE"}""")]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"HEADER","format":"DOCUMENT","example":{"header_handle":["4::x"]}}""")]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"HEADER","format":"location"},null""")]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"BUTTONS","buttons":[{"type":"PHONE_NUMBER","text":"Call","phone_number":"+1 650 555 1234"},{"type":"URL","text":"a","url":"https://example.com/?q={{1}}","example":["x"]},{"type":"QUICK_REPLY","text":"~25"}]}""")]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"BUTTONS","buttons":[{"type":"COPY_CODE","example":"ABC"},{"type":"FLOW","text":"Book","flow_id":"1"}]}""")]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"BUTTONS","buttons":[{"type":"CATALOG","text":"See"}]}""")]
    public void These_are_templates(string components) => Assert.Null(Check(Request(components)));

    [Theory]
    [InlineData("""{"type":"FOOTER","text":"x"}""", 2388043)]
    [InlineData("""{"type":"BODY"}""", 2388043)]
    [InlineData("""{"type":"BODY","text":" "}""", 2388043)]
    [InlineData("""{"type":"BODY","text":"~1025"}""", 2388040)]
    [InlineData("""{"type":"BODY","text":"{{1}} is here","example":{"body_text":[["a"]]}}""", 2388299)]
    [InlineData("""{"type":"BODY","text":"Here is {{1}} ","example":{"body_text":[["a"]]}}""", 2388299)]
    [InlineData("""{"type":"BODY","text":"Hi {{2}}.","example":{"body_text":[["a"]]}}""", 2388072)]
    [InlineData("""{"type":"BODY","text":"Hi {{name}}.","example":{"body_text":[["a"]]}}""", 2388072)]
    [InlineData("""{"type":"BODY","text":"Hi {{1.","example":{"body_text":[["a"]]}}""", 2388072)]
    [InlineData("""{"type":"BODY","text":"Hi {{ 1 }}.","example":{"body_text":[["a"]]}}""", 2388072)]
    [InlineData("""{"type":"BODY","text":"Hi {{1}}."}""", 2388043)]
    [InlineData("""{"type":"BODY","text":"Hi {{1}}.","example":{"body_text":[["a","b"]]}}""", 2388072)]
    [InlineData("""{"type":"BODY","text":"Hi {{1}}.","example":"a"}""", 2388043)]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"HEADER","text":"~61"}""", 2388040)]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"HEADER","text":"a\nb"}""", 2388047)]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"HEADER","text":"a {{1}} {{2}}","example":{"header_text":["a","b"]}}""", 2388047)]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"HEADER","format":"GIF"}""", 2388047)]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"HEADER","format":"IMAGE","text":"x"}""", 2388042)]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"FOOTER","text":"~61"}""", 2388040)]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"FOOTER","text":"a {{1}}"}""", 2388073)]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"FOOTER","code_expiration_minutes":5}""", 2388042)]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"BODY","text":"Hi"}""", null)]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"CAROUSEL"}""", null)]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"BUTTONS","buttons":[]}""", 2388043)]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"BUTTONS","buttons":[{"type":"URL","text":"a","url":"ftp://example.com"}]}""", null)]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"BUTTONS","buttons":[{"type":"URL","text":"a","url":"https://example.com/{{1}}/x","example":["a"]}]}""", null)]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"BUTTONS","buttons":[{"type":"URL","text":"a","url":"https://example.com/{{1}}"}]}""", 2388043)]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"BUTTONS","buttons":[{"type":"URL","text":"a"}]}""", 2388043)]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"BUTTONS","buttons":[{"type":"URL","text":"a","url":"https://example.com/~2000"}]}""", 2388040)]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"~26"}]}""", 2388040)]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY"}]}""", 2388043)]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"BUTTONS","buttons":[{"type":"PHONE_NUMBER","text":"a","phone_number":"none"}]}""", null)]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"BUTTONS","buttons":[{"type":"FLOW","text":"a"}]}""", 2388043)]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"BUTTONS","buttons":[{"type":"OTP","otp_type":"COPY_CODE"}]}""", null)]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"BUTTONS","buttons":[{"type":"SPM","text":"a"}]}""", null)]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"a"},{"type":"CATALOG","text":"b"},{"type":"QUICK_REPLY","text":"c"}]}""", null)]
    [InlineData("""{"type":"BODY","text":"Hi"},{"type":"BUTTONS","buttons":[{"type":"CATALOG","text":"a"},{"type":"CATALOG","text":"b"}]}""", null)]
    public void These_are_refused(string components, int? subcode)
    {
        GraphError error = Check(Request(components))!;
        Assert.Equal((100, subcode, 400), (error.Code.Code, error.Subcode, error.Code.HttpStatus));
    }

    [Fact]
    public void More_than_ten_buttons_are_refused() => Assert.NotNull(Check(Request(
        Body + ",{\"type\":\"BUTTONS\",\"buttons\":[" + string.Join(',', Enumerable.Repeat("""{"type":"QUICK_REPLY","text":"a"}""", 11)) + "]}")));

    [Fact]
    public void A_template_with_names_has_an_example_for_each_name()
    {
        const string good = """{"type":"BODY","text":"Hi {{a}} or {{b}}!","example":{"body_text_named_params":[{"param_name":"a","example":"x"},{"param_name":"b","example":"y"}]}}""";
        Assert.Null(Check(Request(good) with { ParameterFormat = "NAMED" }));
        Assert.Equal(2388072, Check(Request(good.Replace("\"b\"", "\"c\"", StringComparison.Ordinal)) with { ParameterFormat = "NAMED" })!.Subcode);
        Assert.Equal(2388072, Check(Request(good.Replace("{{a}}", "{{1}}", StringComparison.Ordinal)) with { ParameterFormat = "NAMED" })!.Subcode);
    }

    [Theory]
    [InlineData("""{"type":"BODY","add_security_recommendation":true},{"type":"FOOTER","code_expiration_minutes":5},{"type":"BUTTONS","buttons":[{"type":"OTP","otp_type":"copy_code"}]}""", 0)]
    [InlineData("""{"type":"BODY"},{"type":"BUTTONS","buttons":[{"type":"OTP","otp_type":"ONE_TAP","text":"Copy","autofill_text":"Fill","package_name":"a.b","signature_hash":"x"}]}""", 0)]
    [InlineData("""{"type":"BODY","text":"{{1}} is it"},{"type":"BUTTONS","buttons":[{"type":"OTP","otp_type":"COPY_CODE"}]}""", 2388042)]
    [InlineData("""{"type":"BODY"}""", 2388043)]
    [InlineData("""{"type":"BODY"},{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"a"}]}""", null)]
    [InlineData("""{"type":"BODY"},{"type":"BUTTONS","buttons":[{"type":"OTP"}]}""", null)]
    [InlineData("""{"type":"BODY"},{"type":"FOOTER"},{"type":"BUTTONS","buttons":[{"type":"OTP","otp_type":"COPY_CODE"}]}""", 2388043)]
    [InlineData("""{"type":"BODY"},{"type":"FOOTER","code_expiration_minutes":91},{"type":"BUTTONS","buttons":[{"type":"OTP","otp_type":"COPY_CODE"}]}""", null)]
    [InlineData("""{"type":"HEADER","format":"IMAGE"},{"type":"BODY"},{"type":"BUTTONS","buttons":[{"type":"OTP","otp_type":"COPY_CODE"}]}""", null)]
    public void An_authentication_templates_text_is_given(string components, int? subcode)
    {
        GraphError? error = Check(Request(components) with { Category = "AUTHENTICATION" });
        Assert.Equal(subcode, error is null ? 0 : error.Subcode);
    }

    private static bool IsGood(TemplateRequest request) => Check(request) is null;

    private static GraphError? Check(TemplateRequest request)
    {
        Result<TemplateDefinition, GraphError> result = TemplateRules.Check(request);
        return result.Error;
    }

    private static TemplateRequest Request(string components) => JsonSerializer.Deserialize(
        $$"""{"name":"a","language":"en","category":"UTILITY","components":[{{Expand(components)}}]}""", GraphJson.Default.TemplateRequest)!;

    private static string Expand(string text)
    {
        int at = text.IndexOf('~', StringComparison.Ordinal);
        if (at < 0)
        {
            return text;
        }

        string digits = new([.. text[(at + 1)..].TakeWhile(char.IsAsciiDigit)]);
        return text[..at] + new string('x', int.Parse(digits, CultureInfo.InvariantCulture)) + text[(at + 1 + digits.Length)..];
    }
}
