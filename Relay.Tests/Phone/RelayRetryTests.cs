using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.LocalHost;
using Relay.Phone.Events;
using Relay.Phone.Receiving;
using Relay.Phone.State;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Phone;

/// <summary>A phone and a relay ask each other again for what one of them lost the session of; their safety numbers agree.</summary>
public sealed class RelayRetryTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly ReceiveOptions s_options = new();

    private readonly LocalRelayOptions _options = new();
    private readonly MemoryPhoneState _state = new();
    private MemoryAccount _account = null!;
    private TestRelay _relay = null!;
    private WebhookReceiver _receiver = null!;
    private TestBusiness _business = null!;
    private TestDevice _device = null!;

    public async Task InitializeAsync()
    {
        _account = new MemoryAccount(_options.Time);
        _relay = await TestRelay.StartAsync(_options with { RelayStorage = new(_account.Tables, _account.Queues, _account.Blobs) });
        _receiver = await WebhookReceiver.StartAsync();
        _business = await _relay.BusinessAsync(_receiver);
        _device = await _relay.DeviceAsync(state: _state);
        await _device.SendAsync(_business.Number, "Hello");
        await _relay.DrainAsync();
        await _business.SendTextAsync(_device.Number, "Welcome");
        await _relay.DrainAsync();
        Assert.Single(await _device.ReceiveAsync());
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
    public async Task A_phone_that_lost_its_session_reads_the_message_after_all()
    {
        await ForgetSessionsAsync();
        string id = await _business.SendTextAsync(_device.Number, "Lost and found");
        await _relay.DrainAsync();
        MessageUndecryptable lost = Assert.IsType<MessageUndecryptable>(Assert.Single(await _device.Phone.ReceiveAsync(s_options, None)));
        Assert.True(lost.RetryAsked);
        await _relay.DrainAsync();

        MessageReceived found = Assert.IsType<MessageReceived>(Assert.Single(await _device.Phone.ReceiveAsync(s_options, None)));
        Assert.Equal((lost.Id, "Lost and found"), (found.Id, found.Text));
        await _relay.DrainAsync();
        Assert.Equal([$"sent:{id}", $"delivered:{id}"], _receiver.Told());
        Assert.Empty(_relay.Faults);
    }

    [Fact]
    public async Task A_relay_that_lost_its_session_gets_the_message_after_all()
    {
        TableRow session = _account.Rows(TableNames.Conversations).Single(row => row.RowKey == "S");
        await _account.Tables.CommitAsync(TableNames.Conversations, session.PartitionKey, [TableWrite.Delete("S", null)], default);
        await _device.SendAsync(_business.Number, "Lost and found");
        await _relay.DrainAsync();
        Assert.Empty(_receiver.Deliveries);
        Assert.Empty(await _device.Phone.ReceiveAsync(s_options, None));
        await _relay.DrainAsync();

        Assert.Equal("Lost and found", TestRelay.Text(Assert.Single(_receiver.Deliveries).Message.GetProperty("text"), "body"));
        Assert.Empty(await _device.Phone.ReceiveAsync(s_options, None));
        Assert.Empty(_relay.Faults);
    }

    [Fact]
    public async Task Both_show_the_same_safety_number()
    {
        (HttpStatusCode status, JsonElement answer) = await _business.PostAsync(
            JsonSerializer.Serialize(new { user = _device.Number }), path: $"relay/v1/phone_numbers/{_business.PhoneNumberId}/safety_number");
        Assert.Equal(HttpStatusCode.OK, status);
        SafetyNumber number = await _device.Phone.SafetyNumberAsync(TestDevice.Of(_business.Number), None);
        Assert.Equal(TestRelay.Text(answer, "safety_number").Replace(" ", "", StringComparison.Ordinal), number.Digits);
    }

    private async Task ForgetSessionsAsync()
    {
        await _device.Phone.ConfirmAsync(None);
        using SecretBytes? saved = await _state.LoadAsync(None);
        JsonNode state = JsonNode.Parse(saved!.Reveal())!;
        foreach ((_, JsonNode? conversation) in state["conversations"]!.AsObject())
        {
            conversation!.AsObject().Remove("session");
        }

        using SecretBytes changed = SecretBytes.Own(JsonSerializer.SerializeToUtf8Bytes(state));
        await _state.SaveAsync(changed, None);
        _device.Dispose();
        _device = _relay.OpenDevice(_device.Number, _state);
    }
}
