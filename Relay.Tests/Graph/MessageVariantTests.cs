using System.Text;
using System.Text.Json;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Xunit;

namespace Relay.Tests.Graph;

/// <summary>Every variant of spec/cloud-api.md §2.1, and what breaks a rule of §2.4 in it, as the JSON that clients send.</summary>
public sealed class MessageVariantTests
{
    private static readonly string Hundred = new('x', 100);

    /// <summary>Content, and what of it the device gets where that is another.</summary>
    public static TheoryData<string, string?> Accepted => new()
    {
        { """ "type":"image","image":{"id":"123","caption":"c"} """, null },
        { """ "type":"image","image":{"link":"https://a.example/b.png?x=1"} """, null },
        { """ "type":"image","image":{"id":"123","link":null,"caption":"","extra":1} """, """{"type":"image","image":{"id":"123","caption":""}}""" },
        { """ "type":"video","video":{"link":"http://a.example/v.mp4","caption":"c"} """, null },
        { """ "type":"audio","audio":{"id":"123","voice":true} """, null },
        { """ "type":"document","document":{"link":"https://a.example/a.pdf","caption":"c","filename":"a.pdf"} """, null },
        { """ "type":"sticker","sticker":{"id":"123"} """, null },
        { """ "type":"location","location":{"latitude":52.1,"longitude":4.3,"name":"n","address":"a"} """, null },
        { """ "type":"location","location":{"latitude":"-52.5","longitude":"-180"} """, """{"type":"location","location":{"latitude":-52.5,"longitude":-180}}""" },
        {
            """ "type":"contacts","contacts":[{"name":{"formatted_name":"A B","first_name":"A","last_name":"B"},"phones":[{"phone":"+1 650","type":"WORK","wa_id":"1650"}],"emails":[{"email":"a@b.example","type":"HOME"}],"urls":[{"url":"https://a.example","type":"WORK"}],"addresses":[{"street":"s","city":"c","state":"s","zip":"z","country":"C","country_code":"cc","type":"HOME"}],"org":{"company":"c","department":"d","title":"t"},"birthday":"2012-08-18"}] """,
            null
        },
        { """ "type":"interactive","interactive":{"type":"button","header":{"type":"text","text":"h"},"body":{"text":"b"},"footer":{"text":"f"},"action":{"buttons":[{"type":"reply","reply":{"id":"a","title":"A"}},{"type":"reply","reply":{"id":"b","title":"B"}}]}} """, null },
        { """ "type":"interactive","interactive":{"type":"button","header":{"type":"image","image":{"id":"9"}},"body":{"text":"b"},"action":{"buttons":[{"type":"reply","reply":{"id":"a","title":"A"}}]}} """, null },
        { """ "type":"interactive","interactive":{"type":"list","body":{"text":"b"},"action":{"button":"Menu","sections":[{"title":"S","rows":[{"id":"r","title":"R","description":"d"}]},{"title":"T","rows":[{"id":"q","title":"R"}]}]}} """, null },
        { """ "type":"interactive","interactive":{"type":"cta_url","body":{"text":"b"},"action":{"name":"cta_url","parameters":{"display_text":"Go","url":"https://a.example"}}} """, null },
        { """ "type":"interactive","interactive":{"type":"flow","body":{"text":"b"},"action":{"name":"flow","parameters":{"flow_message_version":"3","flow_id":"1","flow_cta":"Book","flow_token":"t","mode":"published","flow_action":"navigate","flow_action_payload":{"screen":"S","data":{"a":[1,{"b":"\u00e4"}]}}}}} """, null },
        { """ "type":"interactive","interactive":{"type":"location_request_message","body":{"text":"b"},"action":{"name":"send_location"}} """, null },
        { """ "type":"interactive","interactive":{"type":"contact_request","body":{"text":"b"},"action":{"name":"request_contact_info"}} """, null },
        { """ "type":"interactive","interactive":{"type":"product","action":{"catalog_id":"c","product_retailer_id":"p"}} """, null },
        { """ "type":"interactive","interactive":{"type":"product_list","header":{"type":"text","text":"h"},"body":{"text":"b"},"action":{"catalog_id":"c","sections":[{"title":"S","product_items":[{"product_retailer_id":"p"}]}]}} """, null },
        { """ "type":"interactive","interactive":{"type":"catalog_message","body":{"text":"b"},"action":{"name":"catalog_message","parameters":{"thumbnail_product_retailer_id":"p"}}} """, null },
        { """ "type":"interactive","interactive":{"type":"order_details","body":{"text":"b"},"action":{"name":"review_and_pay","parameters":{"reference_id":"r"}}} """, null },
    };

    public static TheoryData<string, int, string> Refused => new()
    {
        { """ "type":"image" """, 131008, "parameter image is" },
        { """ "type":"image","image":{} """, 131008, "needs an id" },
        { """ "type":"image","image":{"id":"1","link":"https://a.example"} """, 131009, "both id and link" },
        { """ "type":"image","image":{"id":"abc"} """, 131009, "image.id must be" },
        { """ "type":"image","image":{"link":"ftp://a.example"} """, 131009, "image.link must be an absolute URL" },
        { """ "type":"image","image":{"link":"/a.png"} """, 131009, "image.link must be an absolute URL" },
        { """ "type":"image","image":{"id":"1","filename":"a.png"} """, 131009, "image.filename is not allowed" },
        { """ "type":"image","image":{"id":"1","voice":true} """, 131009, "voice is for audio only" },
        { $$""" "type":"image","image":{"id":"1","caption":"{{new string('c', 1_025)}}"} """, 131009, "1025 characters; at most 1024" },
        { """ "type":"sticker","sticker":{"id":"1","caption":"c"} """, 131009, "sticker.caption is not allowed" },
        { """ "type":"audio","audio":{"id":"1","caption":"c"} """, 131009, "audio.caption is not allowed" },
        { $$""" "type":"document","document":{"id":"1","filename":"{{new string('f', 241)}}"} """, 131009, "241 characters; at most 240" },
        { """ "type":"location","location":{"longitude":4.3} """, 131008, "location.latitude" },
        { """ "type":"location","location":{"latitude":90.1,"longitude":4.3} """, 131009, "location.latitude must be -90 to 90" },
        { """ "type":"location","location":{"latitude":1,"longitude":"181"} """, 131009, "location.longitude" },
        { """ "type":"contacts","contacts":[] """, 131009, "contacts is empty; 1 to 5" },
        { """ "type":"contacts","contacts":[{},{}] """, 131008, "contacts[0].name" },
        { """ "type":"contacts","contacts":[null] """, 131008, "contacts[0]" },
        { """ "type":"contacts","contacts":[{"name":{"first_name":"A"}}] """, 131008, "contacts[0].name.formatted_name" },
        { """ "type":"contacts","contacts":[{"name":{"formatted_name":"A"},"birthday":"18.8.2012"}] """, 131009, "YYYY-MM-DD" },
        { $$""" "type":"contacts","contacts":[{{string.Join(',', Enumerable.Repeat("""{"name":{"formatted_name":"A"}}""", 6))}}] """, 131009, "6 entries; 1 to 5" },
        { """ "type":"reaction" """, 131008, "parameter reaction is" },
        { """ "type":"reaction","reaction":{"message_id":"wamid.A"} """, 131008, "reaction.emoji" },
        { """ "type":"reaction","reaction":{"emoji":"👍"} """, 131008, "reaction.message_id" },
        { """ "type":"reaction","reaction":{"message_id":"wamid.A","emoji":"yes"} """, 131009, "one emoji" },
        { """ "type":"reaction","reaction":{"message_id":"wamid.A","emoji":"x"} """, 131009, "one emoji" },
        { """ "type":"reaction","reaction":{"message_id":"wamid.A","emoji":"👍👍"} """, 131009, "one emoji" },
        { """ "type":"reaction","reaction":{"message_id":"wamid.A","emoji":"👍"},"context":{"message_id":"wamid.A"} """, 131009, "context is not allowed" },
        { """ "type":"interactive" """, 131008, "parameter interactive is" },
        { """ "type":"interactive","interactive":{} """, 131008, "interactive.type" },
        { """ "type":"interactive","interactive":{"type":"poll"} """, 131009, "'poll' is not known" },
        { """ "type":"interactive","interactive":{"type":"button","body":{"text":"b"}} """, 131008, "interactive.action" },
        { """ "type":"interactive","interactive":{"type":"button","action":{"buttons":[{"reply":{"id":"a","title":"A"}}]}} """, 131008, "interactive.body.text" },
        { $$$""" "type":"interactive","interactive":{"type":"button","body":{"text":"{{{new string('b', 1_025)}}}"},"action":{"buttons":[]}} """, 131009, "1025 characters; at most 1024" },
        { Buttons(""), 131009, "buttons is empty; 1 to 3" },
        { Buttons(string.Join(',', Enumerable.Range(0, 4).Select(i => $$$"""{"reply":{"id":"{{{i}}}","title":"{{{i}}}"}}"""))), 131009, "4 entries; 1 to 3" },
        { Buttons("""{"reply":{"id":"a","title":"A"}},{"reply":{"id":"a","title":"B"}}"""), 131009, "every reply.id must be another" },
        { Buttons("""{"reply":{"id":"a","title":"A"}},{"reply":{"id":"b","title":"A"}}"""), 131009, "every reply.title must be another" },
        { Buttons("""{"type":"url","reply":{"id":"a","title":"A"}}"""), 131009, "type must be reply" },
        { Buttons("""{"reply":{"id":"a","title":"123456789012345678901"}}"""), 131009, "21 characters; at most 20" },
        { Buttons("""{"reply":{"id":"a"}}"""), 131008, "buttons[0].reply.title" },
        { List("""{"rows":[]}"""), 131009, "rows is empty" },
        { List("""{"rows":[{"id":"a","title":"A"},{"id":"a","title":"B"}]}"""), 131009, "every row's id" },
        { List("""{"title":"S","rows":[{"id":"a","title":"A"}]},{"rows":[{"id":"b","title":"B"}]}"""), 131008, "sections[1].title" },
        { List($$"""{"rows":[{"id":"a","title":"{{Hundred}}"}]}"""), 131009, "100 characters; at most 24" },
        { List($$"""{"rows":[{"id":"a","title":"A","description":"{{Hundred}}"}]}"""), 131009, "100 characters; at most 72" },
        { List(string.Join(',', Enumerable.Range(0, 2).Select(s => $$"""{"title":"S","rows":[{{string.Join(',', Enumerable.Range(0, 6).Select(r => $$"""{"id":"{{s}}-{{r}}","title":"A"}"""))}}]}"""))), 131009, "12 rows together; at most 10" },
        { """ "type":"interactive","interactive":{"type":"list","header":{"type":"image","image":{"id":"1"}},"body":{"text":"b"},"action":{"button":"M","sections":[{"rows":[{"id":"a","title":"A"}]}]}} """, 131009, "header.type must be text" },
        { """ "type":"interactive","interactive":{"type":"button","header":{"type":"sticker"},"body":{"text":"b"},"action":{"buttons":[]}} """, 131009, "header.type must be text, image" },
        { """ "type":"interactive","interactive":{"type":"button","header":{"type":"text","text":""},"body":{"text":"b"},"action":{"buttons":[]}} """, 131009, "header.text is empty" },
        { """ "type":"interactive","interactive":{"type":"cta_url","body":{"text":"b"},"action":{"parameters":{}}} """, 131008, "action.name" },
        { """ "type":"interactive","interactive":{"type":"cta_url","body":{"text":"b"},"action":{"name":"flow"}} """, 131009, "action.name must be cta_url" },
        { """ "type":"interactive","interactive":{"type":"cta_url","body":{"text":"b"},"action":{"name":"cta_url","parameters":{"display_text":"Go","url":"javascript:x"}}} """, 131009, "absolute URL" },
        { """ "type":"interactive","interactive":{"type":"flow","body":{"text":"b"},"action":{"name":"flow","parameters":{"flow_message_version":"3","flow_cta":"B"}}} """, 131008, "flow_id" },
        { $$$$""" "type":"interactive","interactive":{"type":"flow","body":{"text":"b"},"action":{"name":"flow","parameters":{"data":"{{{{new string('d', 17_000)}}}}"}}} """, 131009, "at most 16384" },
        { """ "type":"interactive","interactive":{"type":"product_list","body":{"text":"b"},"action":{"catalog_id":"c","sections":[{"product_items":[{"product_retailer_id":"p"}]}]}} """, 131008, "interactive.header" },
        { """ "type":"interactive","interactive":{"type":"product","action":{"catalog_id":"c"}} """, 131008, "product_retailer_id" },
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public void A_variant_reaches_the_device_as_it_was_sent(string content, string? expected)
    {
        OutgoingMessage message = Assert.IsType<OutgoingMessage>(Validate(content, out GraphError? error));

        Assert.Null(error);
        using JsonDocument sent = JsonDocument.Parse(expected ?? $"{{{content}}}");
        Assert.True(JsonElement.DeepEquals(sent.RootElement, message.Message!.Reveal()), message.Message!.Reveal().GetRawText());
        Assert.Equal(content.Contains("\"id\":\"123\"", StringComparison.Ordinal) || content.Contains("\"id\":\"9\"", StringComparison.Ordinal) || content.Contains("\"link\":\"http", StringComparison.Ordinal), message.File is not null);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_breaks_a_rule_is_refused_by_its_name(string content, int code, string details)
    {
        Assert.Null(Validate(content, out GraphError? error));

        Assert.Equal(code, error!.Code.Code);
        Assert.Contains(details, error.Details, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("👍")]
    [InlineData("")]
    [InlineData("👩‍👩‍👧‍👦")]
    [InlineData("🏴󠁧󠁢󠁥󠁮󠁧󠁿")]
    [InlineData("❤️")]
    [InlineData("1️⃣")]
    public void A_reaction_is_one_emoji_or_none(string emoji)
    {
        OutgoingMessage message = Assert.IsType<OutgoingMessage>(Validate($$""" "type":"reaction","reaction":{"message_id":"wamid.A","emoji":"{{emoji}}"} """, out _));

        Assert.Equal(("wamid.A", emoji), (message.Reaction?.MessageId, message.Reaction?.Emoji));
    }

    [Fact]
    public void Many_small_things_are_too_much_together()
    {
        string card = $$"""{"name":{"formatted_name":"{{new string('n', 1_000)}}"},"emails":[{{string.Join(',', Enumerable.Repeat($$"""{"email":"{{new string('e', 1_000)}}"}""", 10))}}]}""";

        Assert.Null(Validate($""" "type":"contacts","contacts":[{string.Join(',', Enumerable.Repeat(card, 5))}] """, out GraphError? error));
        Assert.Contains("bytes as JSON; at most", error!.Details, StringComparison.Ordinal);
    }

    private static string Buttons(string buttons) =>
        $$$""" "type":"interactive","interactive":{"type":"button","body":{"text":"b"},"action":{"buttons":[{{{buttons}}}]}} """;

    private static string List(string sections) =>
        $$$""" "type":"interactive","interactive":{"type":"list","body":{"text":"b"},"action":{"button":"Menu","sections":[{{{sections}}}]}} """;

    private static ValidSend? Validate(string content, out GraphError? error)
    {
        string json = $$"""{"messaging_product":"whatsapp","to":"16505551234",{{content}}}""";
        SendMessageRequest request = JsonSerializer.Deserialize(Encoding.UTF8.GetBytes(json), GraphJson.Default.SendMessageRequest)!;
        return SendMessageValidator.Validate(request).TryGet(out ValidSend? send, out error) ? send : null;
    }
}
