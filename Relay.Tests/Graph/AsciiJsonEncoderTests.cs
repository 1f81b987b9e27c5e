using System.Text;
using System.Text.Json;
using Relay.Shared.Graph;
using Xunit;

namespace Relay.Tests.Graph;

public sealed class AsciiJsonEncoderTests
{
    private static readonly JsonWriterOptions Ascii = new() { Encoder = AsciiJsonEncoder.Instance };

    [Theory]
    [InlineData("plain <b>&'+/`~ text", "plain <b>&'+/`~ text")]
    [InlineData("ä", "\\u00e4")]
    [InlineData("Zürich – 日本", "Z\\u00fcrich \\u2013 \\u65e5\\u672c")]
    [InlineData("👍🏽", "\\ud83d\\udc4d\\ud83c\\udffd")]
    [InlineData("\U0010FFFF", "\\udbff\\udfff")]
    [InlineData("\"\\\b\f\n\r\t", "\\\"\\\\\\b\\f\\n\\r\\t")]
    [InlineData("\0\u001f\u007f\u0080\u2028\uffff", "\\u0000\\u001f\\u007f\\u0080\\u2028\\uffff")]
    public void A_string_becomes_printable_ascii_with_lower_case_escapes(string text, string expected) =>
        Assert.Equal($"\"{expected}\"", Write(text));

    // Not as InlineData: an attribute's text is UTF-8 and can't hold these.
    [Fact]
    public void A_lone_surrogate_becomes_the_replacement_character() =>
        Assert.Equal("\"a\\ufffdb\\ufffd\"", Write("a\ud800b\udc00"));

    [Fact]
    public void Every_scalar_value_comes_back_as_it_was()
    {
        StringBuilder all = new();
        for (int scalar = 0; scalar <= 0x10ffff; scalar += scalar < 0x3000 ? 1 : 61)
        {
            if (scalar is < 0xd800 or > 0xdfff)
            {
                all.Append(char.ConvertFromUtf32(scalar));
            }
        }

        string text = all.ToString();
        string json = Write(text);

        Assert.True(json.All(c => c is >= ' ' and <= '~'));
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.Equal(text, document.RootElement.GetString());
    }

    [Fact]
    public void Text_of_every_length_up_to_the_writers_buffers_is_escaped_whole()
    {
        for (int length = 0; length < 600; length++)
        {
            string text = string.Concat(Enumerable.Repeat("é👍a\n", length))[..length];
            if (length > 0 && char.IsHighSurrogate(text[^1]))
            {
                continue;
            }

            using JsonDocument document = JsonDocument.Parse(Write(text));
            Assert.Equal(text, document.RootElement.GetString());
        }
    }

    private static string Write(string text)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, Ascii))
        {
            writer.WriteStringValue(text);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
