using System.Text;
using System.Text.Json;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Webhooks;
using Relay.Shared.Primitives;
using Xunit;

namespace Relay.Tests.Graph;

public sealed class WebhookTests
{
    private const string Head = """{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550783881","phone_number_id":"106540352242922"},""";
    private const string Tail = "}}]}]}";
    private const string Contact = """ "contacts":[{"profile":{"name":"Ad\u00e4"},"wa_id":"16505551234"}],""";

    private static readonly WebhookSource Source = new(WabaId.Parse("102290129340398"), PhoneNumberId.Parse("106540352242922"), Phone("15550783881"));

    [Fact]
    public void A_text_is_told_as_meta_tells_it() => Assert.Equal(
        Head + Contact.Trim() + """ "messages":[{"from":"16505551234","id":"wamid.A==","timestamp":"1749416383","type":"text","text":{"body":"hell\u00f6 \ud83d\udc4d\n\"<>&"}}]""".Trim() + Tail,
        Tell("""{"type":"text","text":{"body":"hell\u00F6 👍\n\"<>&","preview_url":true},"extra":1}"""));

    [Fact]
    public void An_answer_names_what_it_answers()
    {
        UserMessage message = Message("""{"type":"text","text":{"body":"hi"}}""") with
        {
            Context = new QuotedMessage(Phone("15550783881"), "wamid.Q"),
            FromUserId = "US.1349",
            ProfileName = null,
        };

        Assert.Equal(
            Head + """ "contacts":[{"wa_id":"16505551234","user_id":"US.1349"}],"messages":[{"context":{"from":"15550783881","id":"wamid.Q"},"from":"16505551234","from_user_id":"US.1349","id":"wamid.A==","timestamp":"1749416383","type":"text","text":{"body":"hi"}}]""".Trim() + Tail,
            Encoding.UTF8.GetString(WebhookPayload.ForMessage(Source, message)));
    }

    [Theory]
    [InlineData("""{"type":"image","image":{"id":"1"}}""", ""","unsupported":{"type":"image"}""")]
    [InlineData("""{"type":"ü<script>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""", ""","unsupported":{"type":"??script?aaaaaaaaaaaaaaaaaaaaaaa"}""")]
    [InlineData("""{"type":"text"}""", ""","unsupported":{"type":"text"}""")]
    [InlineData("""{"type":"text","text":"hi"}""", ""","unsupported":{"type":"text"}""")]
    [InlineData("""{"type":"text","text":{"body":7}}""", ""","unsupported":{"type":"text"}""")]
    [InlineData("""{"type":"text","text":{"body":"\ud800"}}""", ""","unsupported":{"type":"text"}""")]
    [InlineData("""{"type":"\udc00","text":{"body":"hi"}}""", "")]
    [InlineData("""{"type":7}""", "")]
    [InlineData("{}", "")]
    [InlineData("[]", "")]
    [InlineData("null", "")]
    public void What_is_no_readable_text_is_told_as_unsupported(string message, string unsupported) => Assert.Equal(
        Head + Contact.Trim() + """ "messages":[{"from":"16505551234","id":"wamid.A==","timestamp":"1749416383","type":"unsupported","errors":[{"code":131051,"title":"Unsupported message type","message":"Unsupported message type","error_data":{"details":"Message type is currently not supported."}}]""".Trim()
        + unsupported + "}]" + Tail,
        Tell(message));

    [Theory]
    [InlineData(MessageStatus.Sent, "sent")]
    [InlineData(MessageStatus.Delivered, "delivered")]
    [InlineData(MessageStatus.Read, "read")]
    public void A_step_is_told_with_the_business_own_data(MessageStatus status, string name) => Assert.Equal(
        Head + $$""" "statuses":[{"id":"wamid.B","status":"{{name}}","timestamp":"1750263773","recipient_id":"16505551234","biz_opaque_callback_data":"order-7 \u20ac"}]""".Trim() + Tail,
        Encoding.UTF8.GetString(WebhookPayload.ForStatus(Source, Step(status) with { CallbackData = new Sensitive<string>("order-7 €") })));

    [Fact]
    public void A_failure_is_told_with_its_reason() => Assert.Equal(
        Head + """ "statuses":[{"id":"wamid.B","status":"failed","timestamp":"1750263773","recipient_id":"16505551234","errors":[{"code":131026,"title":"Message undeliverable","message":"Message undeliverable","error_data":{"details":"No device."}}]}]""".Trim() + Tail,
        Encoding.UTF8.GetString(WebhookPayload.ForStatus(Source, Step(MessageStatus.Failed) with { Errors = [GraphErrorCode.Undeliverable.Because("No device.")] })));

    [Fact]
    public void Errors_belong_to_failures_only()
    {
        Assert.Throws<ArgumentException>(() => WebhookPayload.ForStatus(Source, Step(MessageStatus.Failed)));
        Assert.Throws<ArgumentException>(() => WebhookPayload.ForStatus(Source, Step(MessageStatus.Read) with { Errors = [GraphErrorCode.Undeliverable.Because("x")] }));
    }

    [Fact]
    public void What_is_told_does_not_print_itself()
    {
        string printed = $"{Message("""{"text":"canary"}""")} {Step(MessageStatus.Sent) with { CallbackData = new Sensitive<string>("canary") }} {Source}";

        Assert.DoesNotContain("canary", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("555", printed, StringComparison.Ordinal);
    }

    // RFC 4231, test case 2.
    [Fact]
    public void The_signature_is_hmac_sha256_of_the_bytes() => Assert.Equal(
        "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        WebhookSignature.Compute(new Secret("Jefe"), "what do ya want for nothing?"u8));

    [Fact]
    public void A_signature_holds_for_its_secret_and_bytes_only()
    {
        Secret secret = new("app secret");
        byte[] body = WebhookPayload.ForStatus(Source, Step(MessageStatus.Sent));
        string signature = WebhookSignature.Compute(secret, body);

        Assert.True(WebhookSignature.IsValid(secret, signature, body));
        Assert.False(WebhookSignature.IsValid(new Secret("other"), signature, body));
        Assert.False(WebhookSignature.IsValid(secret, signature.ToUpperInvariant(), body));
        Assert.False(WebhookSignature.IsValid(secret, signature[7..], body));
        Assert.False(WebhookSignature.IsValid(secret, null, body));
        Assert.False(WebhookSignature.IsValid(secret, "", body));
        body[5] ^= 1;
        Assert.False(WebhookSignature.IsValid(secret, signature, body));
    }

    [Theory]
    [InlineData("https://a.example/hook", "https://a.example/hook?hub.mode=subscribe&hub.challenge=123&hub.verify_token=s%26%20%2B%C3%A4")]
    [InlineData("https://a.example/hook?x=1%202#top", "https://a.example/hook?x=1%202&hub.mode=subscribe&hub.challenge=123&hub.verify_token=s%26%20%2B%C3%A4")]
    [InlineData("https://a.example", "https://a.example/?hub.mode=subscribe&hub.challenge=123&hub.verify_token=s%26%20%2B%C3%A4")]
    [InlineData("http://127.0.0.1:8080/?", "http://127.0.0.1:8080/?hub.mode=subscribe&hub.challenge=123&hub.verify_token=s%26%20%2B%C3%A4")]
    public void A_handshake_adds_its_parameters_escaped(string callback, string expected) =>
        Assert.Equal(expected, WebhookHandshake.BuildUri(new Uri(callback), "123", new Secret("s& +ä")).AbsoluteUri);

    [Theory]
    [InlineData(200, "1158201444", true)]
    [InlineData(201, "1158201444", false)]
    [InlineData(200, "1158201444\n", false)]
    [InlineData(200, "\"1158201444\"", false)]
    [InlineData(200, "", false)]
    [InlineData(403, "1158201444", false)]
    public void A_handshake_is_accepted_only_by_200_and_the_challenge(int status, string body, bool expected) =>
        Assert.Equal(expected, WebhookHandshake.IsAccepted(status, Encoding.UTF8.GetBytes(body), "1158201444"));

    [Fact]
    public void A_challenge_is_ten_digits() => Assert.Matches("^[0-9]{10}$", WebhookHandshake.CreateChallenge());

    private static string Tell(string message) => Encoding.UTF8.GetString(WebhookPayload.ForMessage(Source, Message(message)));

    private static UserMessage Message(string message) => new()
    {
        From = Phone("16505551234"),
        ProfileName = new Sensitive<string>("Adä"),
        MessageId = "wamid.A==",
        Timestamp = 1_749_416_383,
        Message = JsonElement.Parse(message),
    };

    private static MessageStatusChange Step(MessageStatus status) => new()
    {
        MessageId = "wamid.B",
        Status = status,
        Timestamp = 1_750_263_773,
        Recipient = Phone("16505551234"),
    };

    private static PhoneNumber Phone(string digits) => PhoneNumber.TryParse(digits, out PhoneNumber? number) ? number : throw new FormatException(digits);
}
