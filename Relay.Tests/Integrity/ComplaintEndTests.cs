using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relay.Phone;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Integrity.Sketches;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Integrity;

/// <summary>Reports and blocks from a real device through the front door: what the business sees, and what it doesn't.</summary>
public sealed class ComplaintEndTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private TestRelay _relay = null!;
    private WebhookReceiver _receiver = null!;
    private TestBusiness _business = null!;

    public async Task InitializeAsync()
    {
        _relay = await TestRelay.StartAsync();
        _receiver = await WebhookReceiver.StartAsync();
        _business = await _relay.BusinessAsync(_receiver);
    }

    public async Task DisposeAsync()
    {
        await _relay.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_device_reports_the_last_message_of_a_business_and_shows_what_it_said_only_if_told()
    {
        using TestDevice user = await _relay.DeviceAsync();
        using TestDevice friend = await _relay.DeviceAsync();
        await friend.SendAsync(user.Number, "not to be reported");
        await _business.SendTextAsync(user.Number, "buy this");
        await _business.SendTextAsync(user.Number, "buy that");
        await _relay.DrainAsync();
        string first = (await user.ReceiveAsync()).First(message => message.Text == "buy this").Id;
        await Assert.ThrowsAsync<PhoneException>(() => user.Phone.ReportAsync(friend.PhoneNumber, null, false, None));
        Assert.Contains("no key", (await Assert.ThrowsAsync<PhoneException>(() => user.Phone.ReportAsync(TestDevice.Of(_business.Number), null, withContent: true, None))).Message, StringComparison.Ordinal);
        await _relay.AdminAsync(HttpMethod.Put, "report_key", new { public_key = Convert.ToBase64String(Reporting.PublicKey) });
        Assert.True(await user.Phone.ReportAsync(TestDevice.Of(_business.Number), null, withContent: true, None));
        Assert.False(await user.Phone.ReportAsync(TestDevice.Of(_business.Number), null, withContent: false, None));
        Assert.True(EnvelopeId.TryParse(first, out EnvelopeId id));
        Assert.True(await user.Phone.ReportAsync(TestDevice.Of(_business.Number), id, withContent: false, None));
        Assert.Equal(1, await ComplainersAsync());

        JsonElement kept = Assert.Single((await _relay.AdminAsync(HttpMethod.Get, $"businesses/{_business.Id}/reports", new { })).GetProperty("data").EnumerateArray());
        Assert.Equal("buy that", Reporting.Open(kept.GetProperty("sealed_content").GetBytesFromBase64()));
    }

    [Fact]
    public async Task A_blocked_business_sees_sent_and_nothing_more_and_the_session_goes_on_after()
    {
        using TestDevice user = await _relay.DeviceAsync();
        await user.SendAsync(_business.Number, "hello");
        await _relay.DrainAsync();
        await user.Phone.BlockAsync(TestDevice.Of(_business.Number), blocked: true, None);
        Assert.Equal([_business.Number], await user.Phone.ListBlocksAsync(None));
        string dropped = await _business.SendTextAsync(user.Number, "do you hear me?");
        await _relay.DrainAsync();
        Assert.Empty(await user.ReceiveAsync());
        await _relay.DrainAsync();
        Assert.Equal(["sent"], StatusesOf(dropped));
        Assert.Equal(0, await ComplainersAsync());

        await user.Phone.BlockAsync(TestDevice.Of(_business.Number), blocked: false, None);
        string heard = await _business.SendTextAsync(user.Number, "and now?");
        await _relay.DrainAsync();
        Assert.Equal("and now?", Assert.Single(await user.ReceiveAsync()).Text);
        await _relay.DrainAsync();
        Assert.Equal(["sent", "delivered"], StatusesOf(heard));
        Assert.Equal(["sent"], StatusesOf(dropped));

        await user.Phone.BlockAsync(TestDevice.Of(_business.Number), blocked: true, None);
        Assert.Equal(1, await ComplainersAsync());
        Assert.Empty(_relay.Faults);
    }

    [Fact]
    public async Task A_business_that_blocks_a_user_who_blocks_it_is_told_of_its_own_block_alone()
    {
        using TestDevice user = await _relay.DeviceAsync();
        await user.SendAsync(_business.Number, "hello");
        await _relay.DrainAsync();
        await user.Phone.BlockAsync(TestDevice.Of(_business.Number), blocked: true, None);
        string body = JsonSerializer.Serialize(new { messaging_product = "whatsapp", block_users = new[] { new { user = user.Number } } });
        await _business.PostAsync(body, path: $"v25.0/{_business.PhoneNumberId}/block_users").OkAsync();
        await _business.PostAsync(TestBusiness.Text(user.Number, "No")).FailsAsync(130403);
    }

    private string[] StatusesOf(string messageId) =>
    [
        .. from delivery in _receiver.Deliveries
           where delivery.Value.TryGetProperty("statuses", out _) && delivery.StatusUpdate.GetProperty("id").GetString() == messageId
           select delivery.StatusUpdate.GetProperty("status").GetString(),
    ];

    private async Task<long> ComplainersAsync() => (await _relay.Local.Services.GetRequiredService<SketchStore>().FindAsync(
        _business.Id, SketchStore.RowKey(SketchKind.Complained, UtcDay.Today(_relay.Local.Options.Time)), None)).Sketch.Count;
}
