using System.Net;
using System.Text.Json;
using Relay.Shared.Content;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Graph;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>Every message type without a file, both ways: through HTTP and queues to a real Signal peer, and from it to the signed webhook.</summary>
public sealed class MessageTypeTests : IAsyncLifetime
{
    private TestRelay _relay = null!;
    private WebhookReceiver _receiver = null!;
    private TestBusiness _business = null!;
    private RawDevice _device = null!;

    public async Task InitializeAsync()
    {
        _relay = await TestRelay.StartAsync();
        _receiver = await WebhookReceiver.StartAsync();
        _business = await _relay.BusinessAsync(_receiver);
        _device = await _relay.RawDeviceAsync();
    }

    public async Task DisposeAsync()
    {
        Assert.Empty(_relay.Faults);
        _device.Dispose();
        await _receiver.DisposeAsync();
        await _relay.DisposeAsync();
    }

    [Theory]
    [InlineData(""" "type":"location","location":{"latitude":52.1,"longitude":4.3,"name":"n","address":"a"} """)]
    [InlineData(""" "type":"contacts","contacts":[{"name":{"formatted_name":"A B"},"phones":[{"phone":"+1 650","wa_id":"1650"}]}] """)]
    [InlineData(""" "type":"interactive","interactive":{"type":"button","body":{"text":"b"},"action":{"buttons":[{"type":"reply","reply":{"id":"a","title":"A"}}]}} """)]
    [InlineData(""" "type":"interactive","interactive":{"type":"flow","body":{"text":"b"},"action":{"name":"flow","parameters":{"flow_message_version":"3","flow_id":"1","flow_cta":"B","flow_action_payload":{"a":[[[{"b":"deep ä"}]]]}}}} """)]
    public async Task What_a_business_sends_is_what_its_user_reads(string content)
    {
        string id = await SendAsync(content);

        DeviceContent read = await ReadAsync();
        using JsonDocument sent = JsonDocument.Parse($"{{{content}}}");
        Assert.True(JsonElement.DeepEquals(sent.RootElement, read.Message!.Value), read.Message.ToString());
        Assert.Equal([$"sent:{id}"], _receiver.Told());
    }

    /// <summary>Those with files: <see cref="FileMessageTests"/>.</summary>
    [Fact]
    public async Task Every_variant_is_answered_delivered_and_told_in_the_shapes_of_the_specification()
    {
        string[] variants = [.. MessageVariantTests.Accepted.Select(row => (string)row[0])
            .Where(content => !content.Contains("\"id\":\"123\"", StringComparison.Ordinal) && !content.Contains("\"id\":\"9\"", StringComparison.Ordinal) && !content.Contains("\"link\":", StringComparison.Ordinal))];
        Assert.True(variants.Length > 10);
        foreach (string content in variants)
        {
            (HttpStatusCode status, JsonElement answer) = await _business.PostAsync(
                $$"""{"messaging_product":"whatsapp","recipient_type":"individual","to":"+{{_device.Number.Digits}}","biz_opaque_callback_data":"x",{{content}}}""");
            await _relay.DrainAsync();

            Assert.True(status == HttpStatusCode.OK, content + answer);
            string id = TestRelay.Text(answer.GetProperty("messages")[0], "id");
            Assert.Equal(["messaging_product", "contacts", "messages"], answer.EnumerateObject().Select(member => member.Name));
            Assert.Equal(["input", "wa_id"], answer.GetProperty("contacts")[0].EnumerateObject().Select(member => member.Name));
            Assert.Equal(
                ("+" + _device.Number.Digits, _device.Number.Digits),
                (answer.GetProperty("contacts")[0].GetProperty("input").GetString(), answer.GetProperty("contacts")[0].GetProperty("wa_id").GetString()));
            Assert.Equal(["id"], answer.GetProperty("messages")[0].EnumerateObject().Select(member => member.Name));
            Assert.NotNull((await ReadAsync()).Message);
            JsonElement sent = _receiver.Deliveries.Last().StatusUpdate;
            Assert.Equal(
                ["id", "status", "timestamp", "recipient_id", "recipient_user_id", "biz_opaque_callback_data", "pricing"], sent.EnumerateObject().Select(member => member.Name));
            Assert.Equal((id, "sent", _device.Number.Digits), (sent.GetProperty("id").GetString(), sent.GetProperty("status").GetString(), sent.GetProperty("recipient_id").GetString()));
        }
    }

    [Fact]
    public async Task Reactions_point_at_their_message_both_ways()
    {
        string question = await SendAsync(""" "text":{"body":"Nice?"} """);
        DeviceContent asked = await ReadAsync();
        await TellAsync($$$"""{"type":"reaction","reaction":{"id":"{{{asked.Id}}}","author":"business","emoji":"👍"}}""");
        JsonElement reaction = _receiver.Deliveries.Last().Message;
        Assert.Equal("reaction", reaction.GetProperty("type").GetString());
        Assert.Equal((question, "👍"), (reaction.GetProperty("reaction").GetProperty("message_id").GetString(), reaction.GetProperty("reaction").GetProperty("emoji").GetString()));

        DeviceContent text = await TellAsync("""{"type":"text","text":{"body":"yes"}}""");
        string answer = TestRelay.Text(_receiver.Deliveries.Last().Message, "id");
        await SendAsync($$""" "type":"reaction","reaction":{"message_id":"{{answer}}","emoji":""} """);

        DeviceContent removal = await ReadAsync();
        Assert.Equal($$$"""{"type":"reaction","reaction":{"id":"{{{text.Id}}}","author":"user","emoji":""}}""", removal.Message!.Value.GetRawText());
        Assert.Null(removal.Context);
        int before = _receiver.Deliveries.Count;
        await _device.SendReceiptAsync(_business.Number, "delivered", removal.Id);
        await _device.SendReceiptAsync(_business.Number, "read", removal.Id);
        await _relay.DrainAsync();
        Assert.Equal(before, _receiver.Deliveries.Count);
        Assert.Equal("sent", _receiver.Deliveries.Last().StatusUpdate.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_reaction_to_nothing_or_to_another_conversation_is_refused()
    {
        await _device.OpenAsync(_business.Number);
        await TellAsync("""{"type":"text","text":{"body":"hi"}}""");
        string mine = TestRelay.Text(_receiver.Deliveries.Last().Message, "id");

        (HttpStatusCode status, JsonElement answer) = await PostAsync(TestRelay.RandomNumber(), $$""" "type":"reaction","reaction":{"message_id":"{{mine}}","emoji":"👍"} """);
        Assert.Equal((HttpStatusCode.BadRequest, 131009), (status, answer.GetProperty("error").GetProperty("code").GetInt32()));
        Assert.Contains("reaction.message_id is a message of another conversation", answer.ToString(), StringComparison.Ordinal);

        (_, answer) = await PostAsync(_device.Number.E164, """ "type":"reaction","reaction":{"message_id":"wamid.AAAA","emoji":"👍"} """);
        Assert.Contains("reaction.message_id is not the id of a message", answer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_id_reaches_its_user_without_a_number()
    {
        await _device.OpenAsync(_business.Number);
        await TellAsync("""{"type":"text","text":{"body":"hi"}}""");
        Delivery told = _receiver.Deliveries.Last();
        string user = TestRelay.Text(told.Message, "from_user_id");
        Assert.Matches("^[A-Z]{2}\\.[0-9A-Za-z]{1,128}$", user);
        Assert.Equal(user, told.Value.GetProperty("contacts")[0].GetProperty("user_id").GetString());
        Assert.DoesNotContain(_device.Number.Digits, user, StringComparison.Ordinal);

        (HttpStatusCode status, JsonElement answer) = await _business.PostAsync($$$"""{"messaging_product":"whatsapp","recipient":"{{{user}}}","text":{"body":"to you"}}""");
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        JsonElement contact = answer.GetProperty("contacts")[0];
        Assert.Equal((user, user), (contact.GetProperty("input").GetString(), contact.GetProperty("user_id").GetString()));
        Assert.False(contact.TryGetProperty("wa_id", out _));
        await _relay.DrainAsync();

        Assert.Equal("to you", (await ReadAsync()).Message!.Value.GetProperty("text").GetProperty("body").GetString());
        Assert.Equal(user, _receiver.Deliveries.Last().StatusUpdate.GetProperty("recipient_user_id").GetString());
    }

    [Theory]
    [InlineData("US.1349")]
    [InlineData("ZZ.00")]
    public async Task A_user_id_that_nobody_gave_is_refused(string user)
    {
        (HttpStatusCode status, JsonElement answer) = await _business.PostAsync($$$"""{"messaging_product":"whatsapp","recipient":"{{{user}}}","text":{"body":"x"}}""");

        Assert.Equal((HttpStatusCode.BadRequest, 131009), (status, answer.GetProperty("error").GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task Another_business_or_number_cannot_use_a_user_id()
    {
        await _device.OpenAsync(_business.Number);
        await TellAsync("""{"type":"text","text":{"body":"hi"}}""");
        string user = TestRelay.Text(_receiver.Deliveries.Last().Message, "from_user_id");
        TestBusiness other = await _relay.BusinessAsync(null);

        (HttpStatusCode status, _) = await other.PostAsync($$$"""{"messaging_product":"whatsapp","recipient":"{{{user}}}","text":{"body":"x"}}""");

        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Fact]
    public async Task The_price_comes_with_sent_and_with_the_first_step_after_it_and_played_is_the_last()
    {
        await SendAsync(""" "text":{"body":"listen"} """);
        DeviceContent read = await ReadAsync();
        foreach (string status in (string[])["read", "delivered", "played", "played"])
        {
            await _device.SendReceiptAsync(_business.Number, status, read.Id);
            await _relay.DrainAsync();
        }

        JsonElement[] told = [.. _receiver.Deliveries.Select(delivery => delivery.StatusUpdate)];
        Assert.Equal(["sent", "read", "played"], told.Select(status => status.GetProperty("status").GetString()!));
        Assert.Equal([true, true, false], told.Select(status => status.TryGetProperty("pricing", out _)));
        Assert.Equal("""{"billable":false,"pricing_model":"PMP","type":"free_customer_service","category":"service"}""", told[0].GetProperty("pricing").GetRawText());
    }

    [Fact]
    public async Task A_template_reaches_the_device_filled_and_its_category_is_told()
    {
        (HttpStatusCode status, JsonElement answer) = await _business.PostAsync(
            """{"name":"order_update","language":"en_US","category":"UTILITY","components":[{"type":"BODY","text":"Order {{1}} is {{2}}.","example":{"body_text":[["7","ready"]]}},{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"Thanks"}]}]}""",
            path: $"v25.0/{_business.WabaId}/message_templates");
        Assert.True(status == HttpStatusCode.OK, answer.ToString());

        (status, answer) = await PostAsync(_device.Number.E164, """ "type":"template","template":{"name":"order_update","language":{"code":"en_US"},"components":[{"type":"body","parameters":[{"type":"text","text":"42"},{"type":"text","text":"on its way"}]},{"type":"button","sub_type":"quick_reply","index":"0","parameters":[{"type":"payload","payload":"ty"}]}]} """);
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        Assert.Equal("accepted", answer.GetProperty("messages")[0].GetProperty("message_status").GetString());
        await _relay.DrainAsync();

        JsonElement template = (await ReadAsync()).Message!.Value.GetProperty("template");
        Assert.Equal("Order 42 is on its way.", template.GetProperty("body").GetProperty("text").GetString());
        Assert.Equal("ty", template.GetProperty("buttons")[0].GetProperty("payload").GetString());
        Assert.Equal(("regular", "utility"), (
            _receiver.Deliveries.Last().StatusUpdate.GetProperty("pricing").GetProperty("type").GetString(),
            _receiver.Deliveries.Last().StatusUpdate.GetProperty("pricing").GetProperty("category").GetString()));

        (status, answer) = await PostAsync(_device.Number.E164, """ "type":"template","template":{"name":"order_update","language":{"code":"en_US"}} """);
        Assert.Equal((HttpStatusCode.BadRequest, 132000), (status, answer.GetProperty("error").GetProperty("code").GetInt32()));
        (status, answer) = await PostAsync(_device.Number.E164, """ "type":"template","template":{"name":"nothing","language":{"code":"en_US"}} """);
        Assert.Equal((HttpStatusCode.NotFound, 132001), (status, answer.GetProperty("error").GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task A_new_identity_is_told_behind_the_message_that_brought_it()
    {
        await _business.PostAsync("""{"user_identity_change":{"enable_identity_key_check":true}}""", path: $"v25.0/{_business.PhoneNumberId}/settings");
        await _device.OpenAsync(_business.Number);
        await TellAsync("""{"type":"text","text":{"body":"old phone"}}""");
        Assert.Equal(1, _receiver.Deliveries.Last().Value.GetProperty("messages").GetArrayLength());

        using RawDevice second = await _relay.RawDeviceAsync(_device.Number.E164);
        await second.OpenAsync(_business.Number);
        await second.SendTextAsync(_business.Number, "new phone");
        await _relay.DrainAsync();

        Delivery told = _receiver.Deliveries.Last();
        JsonElement messages = told.Value.GetProperty("messages");
        Assert.Equal(["text", "system"], messages.EnumerateArray().Select(message => message.GetProperty("type").GetString()!));
        JsonElement system = messages[1].GetProperty("system");
        Assert.Equal("customer_identity_changed", system.GetProperty("type").GetString());
        Assert.Equal(told.Value.GetProperty("contacts")[0].GetProperty("identity_key_hash").GetString(), system.GetProperty("identity").GetString());
    }

    private async Task<string> SendAsync(string content)
    {
        (HttpStatusCode status, JsonElement answer) = await PostAsync(_device.Number.E164, content);
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        await _relay.DrainAsync();
        return TestRelay.Text(answer.GetProperty("messages")[0], "id");
    }

    private Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(string to, string content) =>
        _business.PostAsync($$"""{"messaging_product":"whatsapp","to":"{{to}}",{{content}}}""");

    private async Task<DeviceContent> ReadAsync()
    {
        Envelope envelope = Assert.Single(await _device.FetchAsync());
        return _device.Read(envelope) ?? throw new InvalidOperationException("The device could not read what it got.");
    }

    private async Task<DeviceContent> TellAsync(string message)
    {
        DeviceContent content = new()
        {
            Id = EnvelopeId.Create().Hex,
            Timestamp = 1_749_416_383,
            Message = JsonDocument.Parse(message).RootElement,
        };
        await _device.SendAsync(_business.Number, content);
        await _relay.DrainAsync();
        return content;
    }
}
