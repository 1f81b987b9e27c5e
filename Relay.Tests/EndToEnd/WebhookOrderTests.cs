using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>What belongs to one conversation is told in order, also after a crash.</summary>
public sealed class WebhookOrderTests
{
    /// <summary>The process dies between the commit of <c>sent</c> and its telling; the receipt comes before the message's own redelivery.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Delivered_is_not_told_before_sent_nor_read_before_delivered_though_a_process_died_between(int dies)
    {
        int told = 0;
        FaultPlan plan = new(call => call.Name == "http:business" && ++told == dies ? Fault.CrashBefore : null);
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, plan);
        string? id = await world.SendAsync("Hello");
        await world.DrainAsync();
        await world.ReceiveAsync();
        await world.DrainAsync();
        Assert.Single(plan.Struck);
        Assert.Equal(dies == 1 ? [$"sent:{id}", $"delivered:{id}"] : [$"sent:{id}"], world.Webhook.Told());

        await world.Device.Phone.MarkReadAsync(null, CancellationToken.None);
        await world.ReceiveAsync();
        await world.DrainAsync();
        Assert.Equal([$"sent:{id}", $"delivered:{id}", $"read:{id}"], world.Webhook.Told().Distinct());
    }
}
