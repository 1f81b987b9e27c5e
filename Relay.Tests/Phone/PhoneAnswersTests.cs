using System.Net;
using System.Text.Json;
using Relay.Phone.Commands;
using Relay.Phone.Events;
using Relay.Phone.Messages;
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
}
