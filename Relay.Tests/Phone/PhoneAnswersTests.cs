using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Relay.Phone.Commands;
using Relay.Phone.Events;
using Relay.Phone.Messages;
using Relay.Phone.Sending;
using Relay.Shared.Content;
using Relay.Shared.Primitives;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Phone;

/// <summary>A business asks, the phone answers, the webhook tells: through all of Relay.</summary>
public sealed class PhoneAnswersTests
{
    [Theory]
    [InlineData(
        """{"type":"button","body":{"text":"Come?"},"action":{"buttons":[{"type":"reply","reply":{"id":"y","title":"Yes"}},{"type":"reply","reply":{"id":"n","title":"No"}}]}}""",
        "--choice 2",
        """{"type":"button_reply","button_reply":{"id":"n","title":"No"}}""")]
    [InlineData(
        """{"type":"list","body":{"text":"Which?"},"action":{"button":"M","sections":[{"title":"S","rows":[{"id":"r","title":"R","description":"D"}]}]}}""",
        "",
        """{"type":"list_reply","list_reply":{"id":"r","title":"R","description":"D"}}""")]
    [InlineData(
        """{"type":"flow","body":{"text":"Book"},"action":{"name":"flow","parameters":{"flow_message_version":"3","flow_id":"1","flow_cta":"Book","flow_token":"t"}}}""",
        """--form {"a":1}""",
        """{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{\u0022a\u0022:1,\u0022flow_token\u0022:\u0022t\u0022}"}}""")]
    public async Task What_the_phone_presses_reaches_the_business(string interactive, string options, string expected)
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(receiver);
        using TestDevice device = await relay.DeviceAsync();
        (HttpStatusCode status, JsonElement answer) = await business.PostAsync(
            $$"""{"messaging_product":"whatsapp","to":"{{device.Number}}","type":"interactive","interactive":{{interactive}}}""");
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        await relay.DrainAsync();
        MessageReceived asked = Assert.Single(await device.ReceiveAsync());
        Assert.Contains("  1) ", MessageText.Of(asked.Message, asked.Quote), StringComparison.Ordinal);

        CommandLine line = CommandLine.Parse(["answer", "--to", business.Number, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal(ExitCode.Done, await new AnswerCommand(line, new Terminal(TextReader.Null, TextWriter.Null, TextWriter.Null)).ExecuteAsync(device.Phone, CancellationToken.None));
        await relay.DrainAsync();
        JsonElement told = receiver.Deliveries.Last(delivery => delivery.IsMessage).Message;
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(expected).RootElement, told.GetProperty("interactive")), told.ToString());
        Assert.Equal(TestRelay.Text(answer.GetProperty("messages")[0], "id"), TestRelay.Text(told.GetProperty("context"), "id"));
        Assert.Empty(relay.Faults);
    }

    [Fact]
    public async Task A_reaction_a_location_a_poll_and_played_are_told()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(receiver);
        using TestDevice device = await relay.DeviceAsync();
        string question = await business.SendTextAsync(device.Number, "Well?");
        await relay.DrainAsync();
        Assert.True(EnvelopeId.TryParse(Assert.Single(await device.ReceiveAsync()).Id, out EnvelopeId id));

        PhoneNumber to = TestDevice.Of(business.Number);
        await device.Phone.ReactAsync(to, id, "👍", CancellationToken.None);
        await device.Phone.SendAsync(to, MakeMessage.Location(1, 2, null, null), new() { Forwarded = DeviceContent.ForwardedOften }, CancellationToken.None);
        await device.Phone.SendAsync(to, MakeMessage.Poll("Lunch?"), new() { ReplyTo = id }, CancellationToken.None);
        await device.Phone.SendReceiptAsync(to, ContentReceipt.Played, [id], CancellationToken.None);
        await relay.DrainAsync();

        JsonElement[] told = [.. receiver.Deliveries.Where(delivery => delivery.IsMessage).Select(delivery => delivery.Message)];
        Assert.Equal(["reaction", "location", "unsupported"], told.Select(message => TestRelay.Text(message, "type")));
        Assert.Equal(question, TestRelay.Text(told[0].GetProperty("reaction"), "message_id"));
        Assert.True(told[1].GetProperty("context").GetProperty("frequently_forwarded").GetBoolean());
        Assert.Contains($"played:{question}", receiver.Told());
        Assert.Empty(relay.Faults);
    }

    [Fact]
    public async Task A_template_with_an_upload_is_shown_its_file_saved_and_its_quick_reply_pressed()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(receiver);
        using TestDevice device = await relay.DeviceAsync();
        byte[] png = [.. Convert.FromHexString("89504E470D0A1A0A0000000D49484452"), .. RandomNumberGenerator.GetBytes(5_000)];
        await PostAsync(
            business,
            $"{business.WabaId}/message_templates",
            """{"name":"sale","language":"en","category":"MARKETING","components":[{"type":"HEADER","format":"IMAGE"},{"type":"BODY","text":"Hi {{1}}!","example":{"body_text":[["a"]]}},{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"Stop"}]}]}""");
        string media = await UploadAsync(business, png);
        await PostAsync(
            business,
            $"{business.PhoneNumberId}/messages",
            $$$"""{"messaging_product":"whatsapp","to":"{{{device.Number}}}","type":"template","template":{"name":"sale","language":{"code":"en"},"components":[{"type":"header","parameters":[{"type":"image","image":{"id":"{{{media}}}"}}]},{"type":"body","parameters":[{"type":"text","text":"Ada"}]},{"type":"button","sub_type":"quick_reply","index":"0","parameters":[{"type":"payload","payload":"STOP"}]}]}}""");
        await relay.DrainAsync();

        MessageReceived received = Assert.Single(await device.ReceiveAsync());
        Assert.Equal("[image, image/png, 4 KiB]\nHi Ada!\n  1) Stop", MessageText.Of(received.Message, null));
        using MemoryStream saved = new();
        await device.Phone.FetchFileAsync(received.Message, saved, CancellationToken.None);
        Assert.Equal(png, saved.ToArray());

        await PressChoice.ExecuteAsync(device.Phone, TestDevice.Of(business.Number), null, 1, null, CancellationToken.None);
        await relay.DrainAsync();
        JsonElement told = receiver.Deliveries.Last(delivery => delivery.IsMessage).Message;
        Assert.Equal("""{"payload":"STOP","text":"Stop"}""", told.GetProperty("button").GetRawText());
        Assert.Empty(relay.Faults);
    }

    [Fact]
    public async Task A_voice_message_of_the_phone_can_be_fetched_by_the_business()
    {
        await using TestRelay relay = await TestRelay.StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(receiver);
        using TestDevice device = await relay.DeviceAsync();
        byte[] ogg = [.. "OggS"u8, 0, 2, .. new byte[22], .. "OpusHead"u8, .. RandomNumberGenerator.GetBytes(3_000)];
        using MemoryStream content = new(ogg);
        await device.Phone.SendFileAsync(
            TestDevice.Of(business.Number), content, FileToSend.OfPath("note.ogg", null, null, isVoice: true), new SendOptions(), CancellationToken.None);
        await relay.DrainAsync();

        JsonElement told = Assert.Single(receiver.Deliveries).Message;
        Assert.True(told.TryGetProperty("audio", out JsonElement audio), told.ToString());
        Assert.True(audio.GetProperty("voice").GetBoolean());
        Assert.Equal(ogg, await relay.Http.GetByteArrayAsync(new Uri(TestRelay.Text(audio, "url"))));
        Assert.Empty(relay.Faults);
    }

    private static async Task<string> UploadAsync(TestBusiness business, byte[] png)
    {
        using ByteArrayContent file = new(png);
        file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        using MultipartFormDataContent form = new() { { new StringContent("whatsapp"), "messaging_product" }, { file, "file", "a.png" } };
        (HttpStatusCode status, JsonElement answer) = await business.PostAsync(form, path: $"v25.0/{business.PhoneNumberId}/media");
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        return TestRelay.Text(answer, "id");
    }

    private static async Task PostAsync(TestBusiness business, string path, string body)
    {
        (HttpStatusCode status, JsonElement answer) = await business.PostAsync(body, path: path);
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
    }
}
