using System.Text.Json;
using Relay.Phone.Events;
using Relay.Phone.Receiving;
using Relay.Shared.Primitives;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>A message each way through real HTTP, queues, tables, Signal and webhooks, in memory.</summary>
public sealed class TwoPartiesTalkInMemoryTests : TwoPartiesTalkTests
{
    private protected override Task<TestRelay> StartAsync() => TestRelay.StartAsync();
}

/// <summary>The same on Azurite.</summary>
[Collection(nameof(AzuriteCollection))]
public sealed class TwoPartiesTalkOnAzuriteTests : TwoPartiesTalkTests
{
    private protected override Task<TestRelay> StartAsync() => TestRelay.OnAzuriteAsync();
}

/// <summary>Relays on the shared emulator use the same queues, so they run one after the other.</summary>
[CollectionDefinition(nameof(AzuriteCollection), DisableParallelization = true)]
public sealed class AzuriteCollection;

public abstract class TwoPartiesTalkTests
{
    private protected abstract Task<TestRelay> StartAsync();

    [Fact]
    public async Task A_text_reaches_the_device_and_its_statuses_reach_the_business()
    {
        await using TestRelay relay = await StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(receiver);
        using TestDevice device = await relay.DeviceAsync();

        string wamid = await business.SendTextAsync(device.Number, "Grüße 👋", callback: "order-7");
        await relay.DrainAsync();
        IReadOnlyList<MessageReceived> received = await device.ReceiveAsync();
        await relay.DrainAsync();
        await device.Phone.MarkReadAsync(null, CancellationToken.None);
        await relay.DrainAsync();

        MessageReceived message = Assert.Single(received);
        Assert.Equal("Grüße 👋", message.Text);
        Assert.Equal([$"sent:{wamid}", $"delivered:{wamid}", $"read:{wamid}"], receiver.Told());
        Assert.All(receiver.Deliveries, delivery =>
        {
            Assert.True(delivery.IsSignedBy(business.AppSecret));
            Assert.True(delivery.IsSignedByStandard(business.AppSecret));
            Assert.All(delivery.Body, b => Assert.InRange(b, 0x20, 0x7E));
            Assert.Equal(device.Digits, delivery.StatusUpdate.GetProperty("recipient_id").GetString());
            Assert.Equal("order-7", delivery.StatusUpdate.GetProperty("biz_opaque_callback_data").GetString());
            Assert.Equal(business.PhoneNumberId, delivery.Value.GetProperty("metadata").GetProperty("phone_number_id").GetString());
        });
        Assert.Empty(relay.Faults);
    }

    [Fact]
    public async Task A_reply_reaches_the_webhook_with_its_context_and_can_be_answered_and_marked_as_read()
    {
        await using TestRelay relay = await StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(receiver);
        using TestDevice device = await relay.DeviceAsync();

        string wamid = await business.SendTextAsync(device.Number, "Shall we?");
        await relay.DrainAsync();
        MessageReceived asked = Assert.Single(await device.ReceiveAsync());
        await device.Phone.SendTextAsync(TestDevice.Of(business.Number), "Ja, ä!", Id(asked), CancellationToken.None);
        await relay.DrainAsync();

        Delivery told = Assert.Single(receiver.Deliveries, delivery => delivery.IsMessage);
        Assert.Equal("Ja, ä!", told.Message.GetProperty("text").GetProperty("body").GetString());
        Assert.Equal(device.Digits, told.Message.GetProperty("from").GetString());
        Assert.Equal(wamid, told.Message.GetProperty("context").GetProperty("id").GetString());
        Assert.Equal(business.WabaId, JsonDocument.Parse(told.Body).RootElement.GetProperty("entry")[0].GetProperty("id").GetString());
        Assert.True(told.IsSignedBy(business.AppSecret));
        Assert.Contains("\\u00e4", System.Text.Encoding.ASCII.GetString(told.Body), StringComparison.Ordinal);

        string inbound = TestRelay.Text(told.Message, "id");
        (_, JsonElement answer) = await business.PostAsync(JsonSerializer.Serialize(new { messaging_product = "whatsapp", status = "read", message_id = inbound }));
        Assert.True(answer.GetProperty("success").GetBoolean());
        await business.SendTextAsync(device.Number, "Good", context: inbound);
        await relay.DrainAsync();

        List<PhoneEvent> events = [];
        for (IReadOnlyList<PhoneEvent> batch = await ReceiveAsync(device); batch.Count > 0; batch = await ReceiveAsync(device))
        {
            events.AddRange(batch);
        }

        Assert.Equal("read", Assert.Single(events.OfType<ReceiptReceived>()).Status);
        Assert.Equal("Good", Assert.Single(events.OfType<MessageReceived>()).Text);
        Assert.Empty(relay.Faults);
    }

    [Fact]
    public async Task A_number_that_nobody_registered_fails_with_131026()
    {
        await using TestRelay relay = await StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(receiver);

        string wamid = await business.SendTextAsync(TestRelay.RandomNumber(), "Anybody?");
        await relay.DrainAsync();

        Assert.Equal([$"failed:{wamid}"], receiver.Told());
        JsonElement status = Assert.Single(receiver.Deliveries).StatusUpdate;
        Assert.Equal(131026, status.GetProperty("errors")[0].GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task The_longest_text_arrives_whole_even_if_it_is_all_emoji()
    {
        await using TestRelay relay = await StartAsync();
        TestBusiness business = await relay.BusinessAsync(null);
        using TestDevice device = await relay.DeviceAsync();
        string text = string.Concat(Enumerable.Repeat("🦊", 4_096));

        await business.SendTextAsync(device.Number, text);
        await relay.DrainAsync();

        Assert.Equal(text, Assert.Single(await device.ReceiveAsync()).Text);
        Assert.Empty(relay.Faults);
    }

    [Fact]
    public async Task A_failing_endpoint_is_told_to_whoever_reads_the_log()
    {
        await using TestRelay relay = await StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(receiver);
        receiver.Status = 500;

        await business.SendTextAsync(TestRelay.RandomNumber(), "Anybody?");
        await relay.DrainAsync();

        Assert.Single(relay.Log.Lines, line => line.Text.Contains("did not answer a webhook with 2xx", StringComparison.Ordinal));
        Assert.Empty(relay.Faults);
    }

    [Fact]
    public async Task A_user_can_write_first()
    {
        await using TestRelay relay = await StartAsync();
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(receiver);
        using TestDevice device = await relay.DeviceAsync();

        await device.SendAsync(business.Number, "Hello?");
        await device.SendAsync(business.Number, "Anyone?");
        await relay.DrainAsync();
        await business.SendTextAsync(device.Number, "Yes!");
        await relay.DrainAsync();

        Assert.Equal(
            ["Anyone?", "Hello?"],
            receiver.Deliveries.Where(delivery => delivery.IsMessage)
                .Select(delivery => TestRelay.Text(delivery.Message.GetProperty("text"), "body"))
                .Order(StringComparer.Ordinal));
        Assert.Equal("Yes!", Assert.Single(await device.ReceiveAsync()).Text);
        Assert.Empty(relay.Faults);
    }

    private static EnvelopeId Id(MessageReceived message) => EnvelopeId.TryParse(message.Id, out EnvelopeId id) ? id : throw new FormatException(message.Id);

    private static Task<IReadOnlyList<PhoneEvent>> ReceiveAsync(TestDevice device) =>
        device.Phone.ReceiveAsync(new ReceiveOptions { Wait = TimeSpan.Zero }, CancellationToken.None);
}
