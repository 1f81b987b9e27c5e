using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>A queue may deliver twice at any time: nobody notices.</summary>
public sealed class DuplicateDeliveryTests
{
    [Fact]
    public async Task Each_queue_message_delivered_twice_is_told_and_shown_once()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, null, options => options with { DeliverTwice = true });

        await world.SendAsync("To you");
        await world.SettleAsync();
        await world.ReceiveAsync();
        await world.UserSendsAsync("And back");
        await world.SettleAsync();
        await world.SendAsync("Good");

        await world.CheckAsync();
        Assert.Equal(["To you", "Good"], world.Received);
        Assert.Equal(world.Webhook.Told().Distinct(), world.Webhook.Told());
        Assert.Empty(world.Running.Faults);
        await world.CheckBillAsync();
    }

    [Fact]
    public async Task A_mark_as_read_delivered_twice_is_shown_once()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted, null, options => options with { DeliverTwice = true });
        Assert.True(await world.MarkReadAsync());
        await world.CheckAsync();
    }
}
