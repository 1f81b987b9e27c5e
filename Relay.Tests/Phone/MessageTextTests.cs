using System.Text.Json;
using Relay.Phone.Commands;
using Relay.Phone.Events;
using Relay.Phone.Messages;
using Relay.Shared.Content;
using Xunit;

namespace Relay.Tests.Phone;

/// <summary>Every type of message as a person sees it in the terminal.</summary>
public sealed class MessageTextTests
{
    private const string Attachment = """ "attachment":{"id":"a1","key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==","digest":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","size":2048} """;

    [Theory]
    [InlineData("""{"type":"text","text":{"body":"Hi\nthere"}}""", "Hi\nthere")]
    [InlineData("""{"type":"location","location":{"latitude":52.37,"longitude":-4.9,"name":"Office","address":"Street 1"}}""", "[location 52.37, -4.9] Office, Street 1")]
    [InlineData("""{"type":"contacts","contacts":[{"name":{"formatted_name":"Ada"},"org":{"company":"ACME"},"phones":[{"phone":"+1 650"}],"emails":[{"email":"a@b"}]},{"name":{"formatted_name":"Bo"}}]}""", "[contact] Ada, ACME, +1 650, a@b; [contact] Bo")]
    [InlineData("""{"type":"reaction","reaction":{"id":"0123456789abcdef","author":"user","emoji":"👍"}}""", "[reaction 👍 to 0123456789abcdef]")]
    [InlineData("""{"type":"reaction","reaction":{"id":"0123456789abcdef","author":"user","emoji":""}}""", "[reaction taken back from 0123456789abcdef]")]
    [InlineData("""{"type":"image","image":{ATTACHMENT,"mime_type":"image/jpeg","caption":"Look"}}""", "[image, image/jpeg, 2 KiB] Look")]
    [InlineData("""{"type":"audio","audio":{ATTACHMENT,"mime_type":"audio/ogg","voice":true}}""", "[voice message, audio/ogg, 2 KiB]")]
    [InlineData("""{"type":"document","document":{"mime_type":"application/pdf","filename":"a.pdf"}}""", "[document, a.pdf, application/pdf, not there]")]
    [InlineData("""{"type":"interactive","interactive":{"type":"button","header":{"type":"text","text":"Head"},"body":{"text":"Body"},"footer":{"text":"Foot"},"action":{"buttons":[{"type":"reply","reply":{"id":"a","title":"Yes"}},{"type":"reply","reply":{"id":"b","title":"No"}}]}}}""", "Head\nBody\nFoot\n  1) Yes\n  2) No")]
    [InlineData("""{"type":"interactive","interactive":{"type":"list","body":{"text":"Body"},"action":{"button":"Menu","sections":[{"title":"S","rows":[{"id":"r","title":"R","description":"D"}]},{"rows":[{"id":"q","title":"Q"}]}]}}}""", "Body\n  1) R: D\n  2) Q")]
    [InlineData("""{"type":"interactive","interactive":{"type":"cta_url","body":{"text":"Body"},"action":{"name":"cta_url","parameters":{"display_text":"Go","url":"https://example.com"}}}}""", "Body\n  1) Go: https://example.com")]
    [InlineData("""{"type":"interactive","interactive":{"type":"location_request_message","body":{"text":"Where?"},"action":{"name":"send_location"}}}""", "Where?\n  1) Send location: answered by a location")]
    [InlineData("""{"type":"interactive","interactive":{"type":"product_list","body":{"text":"Buy"},"action":{"catalog_id":"c","sections":[{"product_items":[{"product_retailer_id":"p1"},{"product_retailer_id":"p2"}]}]}}}""", "Buy\n  1) Order p1\n  2) Order p2")]
    [InlineData("""{"type":"template","template":{"name":"a","header":{"type":"image","image":{ATTACHMENT,"mime_type":"image/png"}},"body":{"text":"Hi Ada"},"footer":{"text":"Bye"},"buttons":[{"type":"quick_reply","text":"Stop","payload":"s"},{"type":"url","text":"Go","url":"https://example.com/1"},{"type":"copy_code","text":"Copy","code":"25OFF"},{"type":"flow","text":"Book","flow_token":"t"}]}}""", "[image, image/png, 2 KiB]\nHi Ada\nBye\n  1) Stop\n  2) Go: https://example.com/1\n  3) Copy: 25OFF\n  4) Book: a form, answered by its fields")]
    [InlineData("""{"type":"template","template":{"header":{"type":"location","location":{"latitude":1,"longitude":2}},"body":{"text":"Hi"}}}""", "[location 1, 2]\nHi")]
    [InlineData("""{"type":"poll_creation"}""", "(poll_creation)")]
    [InlineData("""{"type":"image"}""", "(image)")]
    [InlineData("""{"type":"interactive","interactive":7}""", "(interactive)")]
    [InlineData("""{"type":"interactive","interactive":{"type":"button","action":{"buttons":[7,{"reply":[]}]}}}""", "  1) \n  2) ")]
    [InlineData("""{"type":7}""", "(7)")]
    [InlineData("""{}""", "(message)")]
    public void A_message_is_shown(string message, string expected) =>
        Assert.Equal(expected, MessageText.Of(Parse(message.Replace("ATTACHMENT", Attachment, StringComparison.Ordinal)), null));

    [Fact]
    public void A_reply_shows_what_it_answers_and_a_forwarded_message_says_so()
    {
        MessageReceived received = new()
        {
            Id = "0123456789abcdef",
            From = PhonePair.Number("+4930123456"),
            Timestamp = 1,
            Message = Parse("""{"type":"text","text":{"body":"Yes\u001b[31m"}}"""),
            Context = new ContentContext("0123456789abcde0", ContentContext.User),
            Quote = "Coming?",
            Forwarded = DeviceContent.ForwardedOnce,
        };
        Assert.Equal("+4930123456  (forwarded) (to \"Coming?\") Yes\uFFFD[31m  [0123456789abcdef]", EventText.Of(received, withEnvelope: false));
    }

    [Fact]
    public void A_preview_is_one_short_line_and_cuts_no_emoji()
    {
        Assert.Equal("a b", MessageText.Preview(Parse("""{"type":"text","text":{"body":"a\nb"}}""")));
        string cut = MessageText.Preview(Parse($$$"""{"type":"text","text":{"body":"{{{new string('x', 39)}}}👍👍"}}"""));
        Assert.Equal(new string('x', 39) + "…", cut);
    }

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
