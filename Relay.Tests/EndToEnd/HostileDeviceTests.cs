using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Relay.LocalHost;
using Relay.Shared.Content;
using Relay.Shared.Conversations.Lookups;
using Relay.Shared.Messaging;
using Relay.Shared.PreKeys;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Signal.Wire;
using Relay.Shared.Storage;
using Relay.Shared.Transport.PreKeys;
using Relay.Shared.Transport.Wire;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>What a device that means ill, or a transport that repeats old envelopes, can't do.</summary>
public sealed class HostileDeviceTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
    private MemoryAccount _account = null!;
    private TestRelay _relay = null!;
    private WebhookReceiver _receiver = null!;
    private TestBusiness _business = null!;

    public async Task InitializeAsync()
    {
        _account = new MemoryAccount(_time);
        _relay = await TestRelay.StartAsync(new LocalRelayOptions { Time = _time, RelayStorage = new(_account.Tables, _account.Queues, _account.Blobs) });
        _receiver = await WebhookReceiver.StartAsync();
        _business = await _relay.BusinessAsync(_receiver);
    }

    public async Task DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _relay.DisposeAsync();
    }

    [Fact]
    public async Task Keys_that_only_garbage_names_are_not_deleted()
    {
        using RawDevice device = await _relay.RawDeviceAsync();
        await device.OpenAsync(_business.Number);
        EnvelopeId known = EnvelopeId.Create();
        await device.SendAsync(_business.Number, Text("A mark for another envelope", known), EnvelopeId.Create());
        await _relay.DrainAsync();

        await device.OpenAsync(_business.Number);
        Envelope genuine = device.Encrypt(Text("Genuine"));
        Assert.True(PreKeySignalMessage.TryParse(genuine.Content, out PreKeySignalMessage? first));
        byte[] spoiled = [.. genuine.Content];
        spoiled[^1] ^= 1;
        await device.PostAsync(_business.Number, genuine with { Id = known.Hex, Content = spoiled });
        await _relay.DrainAsync();
        Assert.Contains(_account.Rows(TableNames.PreKeys), row => row.RowKey == $"onetime:{first.PreKeyId:D8}");
        Assert.Contains(_account.Rows(TableNames.PreKeys), row => row.RowKey == $"kyber:{first.KyberPreKeyId:D8}");

        await device.PostAsync(_business.Number, genuine);
        await _relay.DrainAsync();
        Assert.Equal(["A mark for another envelope", "Genuine"], Texts());
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_first_message_without_one_time_keys_opens_nothing_once_its_marks_are_gone(bool withKyber, bool sameId)
    {
        await UseUpKeysAsync();
        using RawDevice device = await _relay.RawDeviceAsync(withKyber: withKyber);
        await device.OpenAsync(_business.Number, withKyber ? null : new SignalPolicy(SessionProtocols.X3dh));
        Envelope first = await device.SendTextAsync(_business.Number, "Once");
        Assert.True(PreKeySignalMessage.TryParse(first.Content, out PreKeySignalMessage? message));
        Assert.Null(message.PreKeyId);
        await _relay.DrainAsync();
        Assert.Equal(["Once"], Texts());
        await PassAsync(31);
        Assert.Contains(_account.Rows(TableNames.PreKeys), row => row.RowKey == $"signed:{message.SignedPreKeyId:D8}");
        Assert.Empty(_account.Rows(TableNames.Conversations));

        await PushAsync(device, sameId ? first : first with { Id = EnvelopeId.Create().Hex });
        Assert.Equal(["Once"], Texts());
        Assert.Empty(_account.Queues.Everything());
        await PassAsync(15);
        Assert.DoesNotContain(
            _account.Rows(TableNames.PreKeys), row => row.RowKey.StartsWith($"used:{message.KyberPreKeyId ?? message.SignedPreKeyId:D8}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_that_waited_for_another_ones_opening_is_asked_for_again_and_not_lost()
    {
        await UseUpKeysAsync();
        using RawDevice device = await _relay.RawDeviceAsync();
        await device.OpenAsync(_business.Number);
        Envelope first = device.Encrypt(Text("first"));
        DeviceContent content = Text("second");
        Envelope second = device.Encrypt(content);

        // Another worker has begun with the first one and hangs.
        Assert.True(PreKeySignalMessage.TryParse(first.Content, out PreKeySignalMessage? message));
        WorkItem begun = await ItemAsync(device, first);
        await _relay.Local.Services.GetRequiredService<PreKeyStore>().NoteUseAsync(
            PhoneNumberId.Parse(_business.PhoneNumberId), message.KyberPreKeyId!.Value, message.BaseKey, $"{begun.Id}@{begun.AcceptedAt}", default);
        await PushAsync(device, second);
        Assert.Empty(Texts());

        await QueueAsync(device, first, begun);
        Assert.Equal(["first"], Texts());
        ContentReceipt asked = Assert.Single((await device.FetchAsync()).Select(envelope => device.Read(envelope)!.Receipt!));
        Assert.Equal((ContentReceipt.Retry, second.Id), (asked.Status, Assert.Single(asked.Ids)));
        await device.SendAsync(_business.Number, content, EnvelopeId.Create());
        await _relay.DrainAsync();
        Assert.Equal(["first", "second"], Texts());
    }

    [Fact]
    public async Task Retry_receipts_about_anything_at_all_send_nothing_that_was_not_asked_for_by_its_own_device()
    {
        using RawDevice device = await _relay.RawDeviceAsync();
        using RawDevice other = await _relay.RawDeviceAsync();
        await _business.SendTextAsync(device.Number.E164, "Mine");
        string foreign = await _business.SendTextAsync(other.Number.E164, "Another's");
        await _relay.DrainAsync();
        Envelope mine = Assert.Single(await device.FetchAsync());
        Envelope another = Assert.Single(await other.FetchAsync());
        Assert.NotNull(device.Read(mine));
        Assert.True(EnvelopeId.TryParse(mine.Id, out EnvelopeId id));

        string[] ids = [another.Id, id.OfRetry(1).Hex, id.OfRetry(2).Hex, id.OfRetryReceipt().Hex, .. Enumerable.Range(0, 26).Select(_ => EnvelopeId.Create().Hex)];
        for (int repeat = 0; repeat < 3; repeat++)
        {
            await device.SendReceiptAsync(_business.Number, ContentReceipt.Retry, ids);
        }

        await _relay.DrainAsync();
        Assert.Empty(await device.FetchAsync());
        Assert.Empty(await other.FetchAsync());
        Assert.Equal(2, _receiver.Deliveries.Count(delivery => !delivery.IsMessage));
        Assert.DoesNotContain(_receiver.Told(), told => told == $"failed:{foreign}");

        // The same one a hundred times: one answer for each ciphertext at most, then the end.
        for (int repeat = 0; repeat < 100; repeat++)
        {
            await device.SendReceiptAsync(_business.Number, ContentReceipt.Retry, mine.Id, mine.Id);
        }

        await _relay.DrainAsync();
        Assert.Equal(id.OfRetry(1).Hex, Assert.Single(await device.FetchAsync()).Id);
        Assert.Empty(_relay.Faults);
    }

    [Fact]
    public async Task A_device_can_not_name_the_relays_own_asking()
    {
        using RawDevice device = await _relay.RawDeviceAsync();
        await _business.SendTextAsync(device.Number.E164, "Hello");
        await _relay.DrainAsync();
        Envelope message = Assert.Single(await device.FetchAsync());
        Assert.NotNull(device.Read(message));
        Envelope spoiled = device.Encrypt(Text("Never read"));
        spoiled.Content[^1] ^= 1;
        byte[] id = Convert.FromHexString(message.Id);
        id[0] ^= 0xFF;
        await device.PostAsync(_business.Number, spoiled with { Id = Convert.ToHexStringLower(id) });
        await _relay.DrainAsync();

        Envelope asking = Assert.Single(await device.FetchAsync());
        Assert.NotEqual(message.Id, asking.Id);
        Assert.Equal(Convert.ToHexStringLower(id), Assert.Single(device.Read(asking)!.Receipt!.Ids));
    }

    private static DeviceContent Text(string text, EnvelopeId? id = null) => new()
    {
        Id = (id ?? EnvelopeId.Create()).Hex,
        Timestamp = 1_700_000_000,
        Message = JsonSerializer.SerializeToElement(new { type = "text", text = new { body = text } }),
    };

    private IEnumerable<string> Texts() => _receiver.Deliveries
        .Where(delivery => delivery.IsMessage)
        .Select(delivery => TestRelay.Text(delivery.Message.GetProperty("text"), "body"));

    private async Task UseUpKeysAsync()
    {
        TakeBundle take = _relay.Local.Services.GetRequiredService<TakeBundle>();
        for (int i = 0; i < 60; i++)
        {
            await take.ExecuteAsync(new DirectoryRequest(_business.Number), default);
        }
    }

    private async Task PassAsync(int days)
    {
        for (int day = 0; day < days; day++)
        {
            _time.Advance(TimeSpan.FromDays(1));
            await _relay.Local.InvokeTimerAsync("DeleteExpired", default);
            await _relay.Local.InvokeTimerAsync("KeepPreKeysStocked", default);
        }
    }

    private async Task<WorkItem> ItemAsync(RawDevice device, Envelope envelope)
    {
        BusinessId business = BusinessId.Parse(_business.Id);
        PhoneNumberId phone = PhoneNumberId.Parse(_business.PhoneNumberId);
        return new WorkItem
        {
            Business = business.Value,
            Phone = phone.Value,
            Conversation = (await _relay.Local.Services.GetRequiredService<LookupStore>().FindOrCreateAsync(business, phone, device.Number, default)).Hex,
            Id = envelope.Id,
            AcceptedAt = _time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
    }

    /// <summary>As if the transport pushed it now, and then all the time that it may take.</summary>
    private async Task PushAsync(RawDevice device, Envelope envelope) => await QueueAsync(device, envelope, await ItemAsync(device, envelope));

    private async Task QueueAsync(RawDevice device, Envelope envelope, WorkItem item)
    {
        await _relay.Local.Services.GetRequiredService<WorkQueue>().PutAsync(
            QueueNames.Inbound, item, new InboundBody(envelope.Type, device.Number, envelope.Content).Encode(), default);
        for (int hour = 0; hour < 10; hour++)
        {
            await _relay.DrainAsync();
            _time.Advance(TimeSpan.FromMinutes(31));
        }
    }
}
