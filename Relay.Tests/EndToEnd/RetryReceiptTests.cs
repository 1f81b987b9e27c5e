using System.Text.Json;
using Relay.LocalHost;
using Relay.Shared.Content;
using Relay.Shared.Primitives;
using Relay.Shared.Signal.Wire;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>What could not be decrypted is asked for again, in both directions, and arrives once.</summary>
public sealed class RetryReceiptTests : IAsyncLifetime
{
    private readonly LocalRelayOptions _options = new();
    private MemoryAccount _account = null!;
    private TestRelay _relay = null!;
    private WebhookReceiver _receiver = null!;
    private TestBusiness _business = null!;
    private RawDevice _device = null!;

    public async Task InitializeAsync()
    {
        _account = new MemoryAccount(_options.Time);
        _relay = await TestRelay.StartAsync(_options with { RelayStorage = new(_account.Tables, _account.Queues, _account.Blobs) });
        _receiver = await WebhookReceiver.StartAsync();
        _business = await _relay.BusinessAsync(_receiver);
        _device = await _relay.RawDeviceAsync();
        await _business.SendTextAsync(_device.Number.E164, "First");
        await _relay.DrainAsync();
        Assert.NotNull(_device.Read(Assert.Single(await _device.FetchAsync())));
        await _device.SendTextAsync(_business.Number, "Answer");
        await _relay.DrainAsync();
        _receiver.Deliveries.Clear();
    }

    public async Task DisposeAsync()
    {
        _device.Dispose();
        await _receiver.DisposeAsync();
        await _relay.DisposeAsync();
    }

    [Fact]
    public async Task A_device_that_lost_its_session_asks_and_reads_the_same_message()
    {
        string id = await _business.SendTextAsync(_device.Number.E164, "Again");
        Envelope lost = await LoseAsync();

        Envelope second = await AskAgainAsync(lost);
        DeviceContent content = _device.Read(second)!;
        Assert.Equal(lost.Id, content.Id);
        Assert.NotEqual(lost.Id, second.Id);

        await _device.SendReceiptAsync(_business.Number, ContentReceipt.Delivered, content.Id);
        await _relay.DrainAsync();
        Assert.Equal([$"sent:{id}", $"delivered:{id}"], _receiver.Told());
        Assert.Empty(_relay.Faults);
    }

    [Fact]
    public async Task After_three_tries_the_message_has_failed()
    {
        string id = await _business.SendTextAsync(_device.Number.E164, "Again");
        Envelope lost = await LoseAsync();
        for (int retry = 0; retry < EnvelopeId.MaxRetries; retry++)
        {
            lost = await AskAgainAsync(lost);
            _device.Session = null;
        }

        await _device.OpenAsync(_business.Number);
        await _device.SendReceiptAsync(_business.Number, ContentReceipt.Retry, lost.Id);
        await _relay.DrainAsync();
        Assert.Empty(await _device.FetchAsync());
        Assert.Equal([$"sent:{id}", $"failed:{id}"], _receiver.Told());
        Assert.Equal(131026, _receiver.Deliveries.Last().StatusUpdate.GetProperty("errors")[0].GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task A_device_with_another_identity_gets_nothing_that_was_meant_for_the_old_one()
    {
        string id = await _business.SendTextAsync(_device.Number.E164, "Secret");
        Envelope lost = await LoseAsync();
        using RawDevice other = await _relay.RawDeviceAsync(_device.Number.E164);
        await other.OpenAsync(_business.Number);
        await other.SendReceiptAsync(_business.Number, ContentReceipt.Retry, lost.Id);
        await _relay.DrainAsync();

        Assert.Empty(await other.FetchAsync());
        Assert.Equal([$"sent:{id}", $"failed:{id}"], _receiver.Told());
        Assert.Equal(137000, _receiver.Deliveries.Last().StatusUpdate.GetProperty("errors")[0].GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task What_was_delivered_is_not_sent_again()
    {
        string id = await _business.SendTextAsync(_device.Number.E164, "Once");
        await _relay.DrainAsync();
        Envelope envelope = Assert.Single(await _device.FetchAsync());
        await _device.SendReceiptAsync(_business.Number, ContentReceipt.Delivered, _device.Read(envelope)!.Id);
        await _device.SendReceiptAsync(_business.Number, ContentReceipt.Retry, envelope.Id, EnvelopeId.Create().Hex);
        await _relay.DrainAsync();

        Assert.Empty(await _device.FetchAsync());
        Assert.Equal([$"sent:{id}", $"delivered:{id}"], _receiver.Told());
    }

    [Fact]
    public async Task A_relay_that_lost_its_session_asks_and_tells_the_message_once()
    {
        TableRow session = _account.Rows(TableNames.Conversations).Single(row => row.RowKey == "S");
        await _account.Tables.CommitAsync(TableNames.Conversations, session.PartitionKey, [TableWrite.Delete("S", null)], default);
        DeviceContent content = Text("Lost and found");
        Envelope lost = await _device.SendAsync(_business.Number, content);
        await _relay.DrainAsync();
        Assert.Empty(_receiver.Deliveries);

        Envelope asking = Assert.Single(await _device.FetchAsync());
        Assert.Equal(Envelope.PreKey, asking.Type);
        ContentReceipt receipt = _device.Read(asking)!.Receipt!;
        Assert.Equal((ContentReceipt.Retry, lost.Id), (receipt.Status, Assert.Single(receipt.Ids)));

        for (int repeat = 0; repeat < 2; repeat++)
        {
            await _device.SendAsync(_business.Number, content, EnvelopeId.Create());
            await _relay.DrainAsync();
        }

        Assert.Equal("Lost and found", TestRelay.Text(Assert.Single(_receiver.Deliveries).Message.GetProperty("text"), "body"));
    }

    [Fact]
    public async Task Garbage_is_asked_for_in_one_session_and_harms_none()
    {
        List<Envelope> genuine = [.. Enumerable.Range(0, 5).Select(i => _device.Encrypt(Text($"Genuine {i}")))];
        foreach (Envelope envelope in genuine)
        {
            byte[] spoiled = [.. envelope.Content];
            spoiled[^1] ^= 1;
            await _device.PostAsync(_business.Number, envelope with { Id = EnvelopeId.Create().Hex, Content = spoiled });
        }

        await _relay.DrainAsync();
        IReadOnlyList<Envelope> asking = await _device.FetchAsync();
        Assert.Equal(5, asking.Count);
        Assert.Single(asking.Select(Base).Distinct());

        foreach (Envelope envelope in genuine)
        {
            await _device.PostAsync(_business.Number, envelope);
        }

        await _relay.DrainAsync();
        Assert.Equal(5, _receiver.Deliveries.Count);
        Assert.All(asking, envelope => Assert.Equal(ContentReceipt.Retry, _device.Read(envelope)!.Receipt!.Status));
    }

    private static string Base(Envelope envelope) =>
        PreKeySignalMessage.TryParse(envelope.Content, out PreKeySignalMessage? first) ? first.BaseKey.ToString() : "";

    private static DeviceContent Text(string text) => new()
    {
        Id = EnvelopeId.Create().Hex,
        Timestamp = 1_800_000_000,
        Message = JsonSerializer.SerializeToElement(new { type = "text", text = new { body = text } }),
    };

    /// <summary>The message that the device gets and can't read.</summary>
    private async Task<Envelope> LoseAsync()
    {
        await _relay.DrainAsync();
        Envelope lost = Assert.Single(await _device.FetchAsync());
        _device.Session = null;
        Assert.Null(_device.Read(lost));
        return lost;
    }

    private async Task<Envelope> AskAgainAsync(Envelope lost)
    {
        await _device.OpenAsync(_business.Number);
        await _device.SendReceiptAsync(_business.Number, ContentReceipt.Retry, lost.Id);
        await _relay.DrainAsync();
        return Assert.Single(await _device.FetchAsync());
    }
}
