using System.Text;
using System.Text.Json;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Webhooks;
using Relay.Shared.Primitives;
using Xunit;

namespace Relay.Tests.Graph;

/// <summary>The golden JSON of every type that a webhook can tell (spec/cloud-api.md §3), and what a device can spoil in each.</summary>
public sealed class IncomingTypeTests
{
    private static readonly WebhookSource Source = new(WabaId.Parse("102290129340398"), PhoneNumberId.Parse("106540352242922"), Phone("15550783881"));

    private static readonly IncomingMedia File = new() { MimeType = "image/png", Sha256 = "c2hh", Id = "778899", Url = "https://relay.example/m?s=1" };

    /// <summary>The device's message, and what the webhook's message says from <c>type</c> on.</summary>
    public static TheoryData<string, string> Golden => new()
    {
        { """{"type":"text","text":{"body":"hi","preview_url":true}}""", """ "type":"text","text":{"body":"hi"} """ },
        { """{"type":"image","image":{"attachment":{},"caption":"c","filename":"x"}}""", """ "type":"image","image":{"caption":"c","mime_type":"image/png","sha256":"c2hh","id":"778899","url":"https://relay.example/m?s=1"} """ },
        { """{"type":"video","video":{"attachment":{}}}""", """ "type":"video","video":{"mime_type":"image/png","sha256":"c2hh","id":"778899","url":"https://relay.example/m?s=1"} """ },
        { """{"type":"audio","audio":{"attachment":{},"voice":true,"caption":"c"}}""", """ "type":"audio","audio":{"mime_type":"image/png","sha256":"c2hh","id":"778899","url":"https://relay.example/m?s=1","voice":true} """ },
        { """{"type":"document","document":{"attachment":{},"caption":"c","filename":"a.pdf"}}""", """ "type":"document","document":{"caption":"c","filename":"a.pdf","mime_type":"image/png","sha256":"c2hh","id":"778899","url":"https://relay.example/m?s=1"} """ },
        { """{"type":"sticker","sticker":{"attachment":{},"animated":true}}""", """ "type":"sticker","sticker":{"mime_type":"image/png","sha256":"c2hh","id":"778899","url":"https://relay.example/m?s=1","animated":true} """ },
        { """{"type":"location","location":{"latitude":52.1,"longitude":-4.3,"name":"n","address":"a","url":"https://a.example","x":1}}""", """ "type":"location","location":{"latitude":52.1,"longitude":-4.3,"name":"n","address":"a","url":"https://a.example"} """ },
        { """{"type":"contacts","contacts":[{"name":{"formatted_name":"A B","first_name":"A"},"phones":[{"phone":"+1","wa_id":"1","type":"HOME"}]}]}""", """ "type":"contacts","contacts":[{"name":{"formatted_name":"A B","first_name":"A"},"phones":[{"phone":"+1","type":"HOME","wa_id":"1"}]}] """ },
        { """{"type":"reaction","reaction":{"id":"0011223344556677","author":"business","emoji":"👍"}}""", """ "type":"reaction","reaction":{"message_id":"wamid.T","emoji":"\ud83d\udc4d"} """ },
        { """{"type":"reaction","reaction":{"id":"0011223344556677","author":"business","emoji":""}}""", """ "type":"reaction","reaction":{"message_id":"wamid.T","emoji":""} """ },
        { """{"type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"a","title":"A"},"list_reply":{"id":"x","title":"X"}}}""", """ "type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"a","title":"A"}} """ },
        { """{"type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"a","title":"A","description":"d"}}}""", """ "type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"a","title":"A","description":"d"}} """ },
        { """{"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{\"a\":1}"}}}""", """ "type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{\"a\":1}"}} """ },
        { """{"type":"button","button":{"payload":"p","text":"t"}}""", """ "type":"button","button":{"payload":"p","text":"t"} """ },
        { """{"type":"order","order":{"catalog_id":"c","text":"t","product_items":[{"product_retailer_id":"p","quantity":2,"item_price":1.5,"currency":"EUR"}]}}""", """ "type":"order","order":{"catalog_id":"c","text":"t","product_items":[{"product_retailer_id":"p","quantity":2,"item_price":1.5,"currency":"EUR"}]} """ },
        { """{"type":"revoke","revoke":{"id":"0011223344556677"}}""", """ "type":"revoke","revoke":{"original_message_id":"wamid.T"} """ },
        { """{"type":"edit","edit":{"id":"0011223344556677","message":{"type":"text","text":{"body":"new"}}}}""", """ "type":"edit","edit":{"original_message_id":"wamid.T","message":{"type":"text","text":{"body":"new"}}} """ },
        { """{"type":"system","system":{"type":"user_changed_number","wa_id":"+1 650 555 9999"}}""", """ "type":"system","system":{"body":"User changed from 16505551234 to 16505559999","type":"user_changed_number","wa_id":"16505559999"} """ },
    };

    /// <summary>What looks like a type and is none.</summary>
    public static TheoryData<string> Spoilt =>
    [
        """{"type":"image"}""",
        """{"type":"image","image":7}""",
        """{"type":"location","location":{"latitude":1}}""",
        """{"type":"location","location":{"latitude":91,"longitude":0}}""",
        """{"type":"location","location":{"latitude":"1","longitude":[]}}""",
        """{"type":"contacts","contacts":{}}""",
        """{"type":"contacts","contacts":[]}""",
        """{"type":"contacts","contacts":[{"name":{"formatted_name":"\ud800"}}]}""",
        """{"type":"reaction","reaction":{"id":"0011223344556677","author":"business","emoji":"no emoji"}}""",
        """{"type":"reaction","reaction":{"id":"0011223344556677","author":"business"}}""",
        """{"type":"interactive","interactive":{"type":"button_reply"}}""",
        """{"type":"interactive","interactive":{"type":"other","button_reply":{"id":"a","title":"A"}}}""",
        """{"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow"}}}""",
        """{"type":"button","button":{"payload":"p"}}""",
        """{"type":"order","order":{"catalog_id":"c","product_items":[]}}""",
        """{"type":"order","order":{"catalog_id":"c","product_items":[null]}}""",
        """{"type":"order","order":{"catalog_id":"c","product_items":[{"product_retailer_id":"p","quantity":1,"item_price":1e999}]}}""",
        """{"type":"edit","edit":{"id":"0011223344556677","message":{"type":"image"}}}""",
        """{"type":"edit","edit":[]}""",
        """{"type":"system","system":{"type":"customer_identity_changed","wa_id":"16505559999"}}""",
        """{"type":"system","system":{"type":"user_changed_number","wa_id":"x"}}""",
        """{"type":"poll_creation","poll_creation":{}}""",
    ];

    [Theory]
    [MemberData(nameof(Golden))]
    public void Each_type_is_told_as_meta_tells_it(string message, string expected) =>
        Assert.Contains(""","id":"wamid.A==","timestamp":"1749416383",""" + expected.Trim() + "}]}}]}]}", Tell(Message(message)), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Spoilt))]
    public void What_is_spoilt_is_told_as_unsupported(string message)
    {
        JsonElement told = Told(Tell(Message(message) with { File = null }));

        Assert.Equal("unsupported", told.GetProperty("type").GetString());
        Assert.Equal(131051, told.GetProperty("errors")[0].GetProperty("code").GetInt32());
    }

    [Fact]
    public void What_is_about_no_known_message_is_told_as_unsupported() => Assert.Equal(
        "unsupported",
        Told(Tell(Message("""{"type":"revoke","revoke":{"id":"0011223344556677"}}""") with { Target = null })).GetProperty("type").GetString());

    [Fact]
    public void A_file_that_could_not_be_had_is_told_with_the_reason()
    {
        JsonElement told = Told(Tell(Message("""{"type":"image","image":{"caption":"c"}}""") with
        {
            File = null,
            FileError = GraphErrorCode.MediaDownloadFailed.Because("Gone."),
        }));

        Assert.Equal(("unsupported", 131052, "image"), (
            told.GetProperty("type").GetString(),
            told.GetProperty("errors")[0].GetProperty("code").GetInt32(),
            told.GetProperty("unsupported").GetProperty("type").GetString()));
    }

    [Theory]
    [InlineData(ForwardCount.Once, """ "context":{"forwarded":true} """)]
    [InlineData(ForwardCount.Often, """ "context":{"frequently_forwarded":true} """)]
    public void A_forwarded_message_says_so(ForwardCount count, string expected) =>
        Assert.Contains(expected.Trim(), Tell(Message("""{"type":"text","text":{"body":"hi"}}""") with { Forwarded = count }), StringComparison.Ordinal);

    [Fact]
    public void What_is_about_the_user_has_no_contacts() =>
        Assert.DoesNotContain("contacts", Tell(Message("""{"type":"system","system":{"type":"user_changed_number","wa_id":"16505559999"}}""")), StringComparison.Ordinal);

    private static string Tell(UserMessage message) => Encoding.UTF8.GetString(WebhookPayload.ForMessage(Source, message));

    private static JsonElement Told(string payload) => JsonDocument.Parse(payload).RootElement
        .GetProperty("entry")[0].GetProperty("changes")[0].GetProperty("value").GetProperty("messages")[0];

    private static UserMessage Message(string message) => new()
    {
        From = Phone("16505551234"),
        MessageId = "wamid.A==",
        Timestamp = 1_749_416_383,
        Message = JsonElement.Parse(message),
        Target = "wamid.T",
        File = File,
    };

    private static PhoneNumber Phone(string digits) => PhoneNumber.TryParse(digits, out PhoneNumber? number) ? number : throw new FormatException();
}
