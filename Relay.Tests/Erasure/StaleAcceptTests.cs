using System.Net;
using Microsoft.Extensions.Time.Testing;
using Relay.LocalHost;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Erasure;

/// <summary>An instance that hasn't heard of an erasure accepts one more message for the user: it can't be delivered any more, and its end is told.</summary>
public sealed class StaleAcceptTests
{
    [Fact]
    public async Task The_end_of_what_was_accepted_after_an_erasure_outlives_its_later_looks()
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        MemoryAccount relay = new(time);
        MemoryAccount transport = new(time);
        LocalRelayOptions options = new()
        {
            Time = time,
            RelayStorage = new(relay.Tables, relay.Queues, relay.Blobs),
            TransportStorage = new(transport.Tables, transport.Queues, transport.Blobs),
        };
        await using TestRelay told = await TestRelay.StartAsync(options);
        await using TestRelay stale = await TestRelay.StartAsync(options);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await told.BusinessAsync(receiver);
        using TestDevice device = await told.DeviceAsync();
        await business.At(stale).SendTextAsync(device.Number, "Before");
        await stale.DrainAsync();
        Assert.Equal(HttpStatusCode.OK, (await business.DeleteAsync($"relay/v1/contacts/{device.Number.TrimStart('+')}")).Status);

        time.Advance(TimeSpan.FromSeconds(1));
        receiver.Status = 503;
        string id = await business.At(stale).SendTextAsync(device.Number, "After");
        await stale.DrainAsync();
        Assert.NotEmpty(receiver.Deliveries);
        for (int step = 0; step < 4; step++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await told.DrainAsync();
        }

        receiver.Status = 200;
        time.Advance(TimeSpan.FromMinutes(10));
        await told.DrainAsync();
        Assert.Equal($"failed:{id}", receiver.Told()[^1]);
        Assert.Equal(["L", "O", "W"], relay.Rows(TableNames.Conversations).Select(row => row.RowKey[..1]));
        for (int day = 0; day < 29; day++)
        {
            time.Advance(TimeSpan.FromDays(1));
            await told.Local.InvokeTimerAsync("DeleteExpired", CancellationToken.None);
        }

        Assert.Empty(relay.Rows(TableNames.Conversations));
    }
}
