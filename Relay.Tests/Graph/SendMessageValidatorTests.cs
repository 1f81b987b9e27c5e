using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Graph;

public sealed class SendMessageValidatorTests
{
    private const string Thumb = "👍";

    private static SendMessageRequest Valid => new() { MessagingProduct = "whatsapp", To = "16505551234", Text = new TextMessage("hi") };

    private static SendMessageRequest ValidRead => new() { MessagingProduct = "whatsapp", Status = "read", MessageId = "wamid.A" };

    public static TheoryData<string, SendMessageRequest, int, string> Refused => new()
    {
        { "no product", Valid with { MessagingProduct = null }, 131008, "messaging_product" },
        { "empty product", Valid with { MessagingProduct = "" }, 131009, "messaging_product must be" },
        { "other product", Valid with { MessagingProduct = "telegram" }, 131009, "messaging_product must be" },
        { "poll", Valid with { Type = "poll" }, 131051, "'poll' are not supported. Supported: text, image" },
        { "empty type", Valid with { Type = "" }, 131051, "''" },
        { "type in capitals", Valid with { Type = "TEXT" }, 131051, "'TEXT'" },
        { "long type", Valid with { Type = "ä\"\n" + new string('x', 100) }, 131051, "'???" + new string('x', 29) + "'" },
        { "group", Valid with { RecipientType = "group" }, 131051, "groups are not supported" },
        { "other recipient type", Valid with { RecipientType = "channel" }, 131009, "recipient_type" },
        { "no to", Valid with { To = null }, 131008, "parameter to is" },
        { "empty to", Valid with { To = "" }, 131008, "parameter to is" },
        { "long user id", Valid with { To = null, Recipient = new string('A', 132) }, 131009, "recipient must be a user_id" },
        { "letters in to", Valid with { To = "+1650555CALL" }, 131009, "phone number" },
        { "short to", Valid with { To = "123456" }, 131009, "phone number" },
        { "long to", Valid with { To = "1234567890123456" }, 131009, "phone number" },
        { "very long to", Valid with { To = new string('1', 90_000) }, 131009, "phone number" },
        { "no text", Valid with { Text = null }, 131008, "text.body" },
        { "no body", Valid with { Text = new TextMessage() }, 131008, "text.body" },
        { "empty body", Valid with { Text = new TextMessage("") }, 131009, "empty; 1 to 4096" },
        { "4,097 characters", Valid with { Text = new TextMessage(new string('a', 4_097)) }, 131009, "4097 characters; at most 4096" },
        { "4,097 code points", Valid with { Text = new TextMessage(string.Concat(Enumerable.Repeat(Thumb, 4_097))) }, 131009, "4097 characters" },
        { "long callback data", Valid with { CallbackData = new string('a', 513) }, 131009, "513 characters; at most 512" },
        { "identity hash", Valid with { RecipientIdentityKeyHash = "aGFzaA==" }, 131009, "44 characters of base64" },
        { "empty identity hash", Valid with { RecipientIdentityKeyHash = "" }, 131009, "44 characters of base64" },
        { "empty context", Valid with { Context = new MessageContext() }, 131008, "context.message_id" },
        { "long context", Valid with { Context = new MessageContext(new string('a', 201)) }, 131009, "201 characters; at most 200" },
        { "other status", ValidRead with { Status = "delivered" }, 131009, "status must be \"read\"" },
        { "read without id", ValidRead with { MessageId = null }, 131008, "message_id" },
        { "read with empty id", ValidRead with { MessageId = "" }, 131008, "message_id" },
        { "read with long id", ValidRead with { MessageId = new string('a', 201) }, 131009, "201 characters" },
        { "read with text", ValidRead with { Text = new TextMessage("hi") }, 131009, "can't be combined" },
        { "typing without type", ValidRead with { TypingIndicator = new TypingIndicator() }, 131008, "typing_indicator.type" },
        { "other typing", ValidRead with { TypingIndicator = new TypingIndicator("audio") }, 131009, "typing_indicator.type" },
        { "read without product", ValidRead with { MessagingProduct = null }, 131008, "messaging_product" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_breaks_a_rule_is_refused_with_the_rule(string what, SendMessageRequest request, int code, string details)
    {
        Assert.False(SendMessageValidator.Validate(request).TryGet(out _, out GraphError? error), what);

        Assert.Equal(code, error.Code.Code);
        Assert.Contains(details, error.Details, StringComparison.Ordinal);
        Assert.True(error.Details.Length < 300);
    }

    [Fact]
    public void The_smallest_text_has_defaults()
    {
        OutgoingMessage text = Message(Valid);

        Assert.Equal("16505551234", text.To?.Digits);
        Assert.Equal("""{"type":"text","text":{"body":"hi"}}""", text.Message?.Reveal().GetRawText());
        Assert.Null(text.ContextMessageId);
        Assert.Null(text.CallbackData);
    }

    [Fact]
    public void A_full_text_keeps_everything()
    {
        OutgoingMessage text = Message(Valid with
        {
            To = "+1 (650) 555-1234",
            Recipient = "US.1349",
            RecipientType = "individual",
            Type = "text",
            Text = new TextMessage("hi", true),
            Context = new MessageContext(new string('m', 200)),
            CallbackData = new string('c', 512),
        });

        Assert.Equal(("16505551234", "+1 (650) 555-1234", null), (text.To?.Digits, text.ToInput.Reveal(), text.UserId));
        Assert.Equal(("hi", true), GraphDriver.TextOf(text));
        Assert.Equal((200, 512), (text.ContextMessageId?.Length, text.CallbackData?.Reveal().Length));
    }

    [Fact]
    public void A_body_is_measured_in_code_points() =>
        Assert.Equal(8_192, GraphDriver.TextOf(Message(Valid with { Text = new TextMessage(string.Concat(Enumerable.Repeat(Thumb, 4_096))) })).Body?.Length);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_read_receipt_may_show_typing(bool typing)
    {
        SendMessageRequest request = ValidRead with { TypingIndicator = typing ? new TypingIndicator("text") : null };

        Assert.True(SendMessageValidator.Validate(request).TryGet(out ValidSend? send, out _));
        Assert.Equal(new ReadReceiptRequest { MessageId = "wamid.A", Typing = typing }, send);
    }

    [Fact]
    public void What_is_valid_does_not_print_itself()
    {
        SendMessageRequest request = Valid with { Text = new TextMessage("canary"), CallbackData = "canary" };
        string printed = $"{request} {request.Text} {Message(request)} {SendMessageResponse.Accepted(new AcceptedContact("16505551234") { WaId = "16505551234" }, "wamid.A").Contacts[0]}";

        Assert.DoesNotContain("canary", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("555", printed, StringComparison.Ordinal);
    }

    private static OutgoingMessage Message(SendMessageRequest request)
    {
        Result<ValidSend, GraphError> result = SendMessageValidator.Validate(request);
        Assert.Null(result.Error);
        Assert.True(result.TryGet(out ValidSend? send, out _));
        return Assert.IsType<OutgoingMessage>(send);
    }
}
