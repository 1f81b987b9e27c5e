using Microsoft.Extensions.DependencyInjection;
using Relay.Shared.Maintenance;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Maintenance;

/// <summary>Envelopes that fail for ever take turns with all others.</summary>
public sealed class ReplayParkedTests
{
    [Fact]
    public async Task Broken_items_keep_nobody_back_and_pause_longer_each_time()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        HandlePoison poison = world.Running.Local.Services.GetRequiredService<HandlePoison>();
        for (int i = 0; i < 100; i++)
        {
            await poison.InboundAsync(Item(world).Encode(), CancellationToken.None);
        }

        Dictionary<string, int> taken = [];
        for (int hour = 0; hour < 4; hour++)
        {
            await RunAsync(world, poison, taken);
        }

        Assert.Equal(100, taken.Count);
        string late = await ParkAsync(world, poison);
        int before = taken.Values.Sum();
        for (int hour = 0; hour < 4; hour++)
        {
            await RunAsync(world, poison, taken);
        }

        Assert.Contains(late, taken.Keys);
        for (int hour = 0; hour < 24 * 4; hour++)
        {
            await RunAsync(world, poison, taken);
        }

        // 101 items that pause a day each are far fewer tries than 100 runs of 32 would allow.
        Assert.InRange(taken.Values.Sum() - before, 101, 101 * 9);
        Assert.Equal(101, world.Relay.Rows(TableNames.Parked).Select(row => row.RowKey.Split('-')[1]).Distinct().Count());
    }

    private static async Task RunAsync(PairWorld world, HandlePoison poison, Dictionary<string, int> taken)
    {
        await world.TimerAsync("ReplayParked");
        IReadOnlyList<QueueItem> put = await world.Relay.Queues.ReceiveAsync(QueueNames.Inbound, 32, TimeSpan.FromMinutes(1), CancellationToken.None);
        foreach (QueueItem item in put)
        {
            string id = WorkItem.Parse(item.Body).Id;
            taken[id] = taken.GetValueOrDefault(id) + 1;
            await poison.InboundAsync(item.Body, CancellationToken.None);
            await world.Relay.Queues.DeleteAsync(QueueNames.Inbound, item, CancellationToken.None);
        }

        Assert.Empty(world.Relay.Queues.Everything());
        world.Time.Advance(TimeSpan.FromHours(1));
    }

    private static async Task<string> ParkAsync(PairWorld world, HandlePoison poison)
    {
        WorkItem item = Item(world);
        await poison.InboundAsync(item.Encode(), CancellationToken.None);
        return item.Id;
    }

    private static WorkItem Item(PairWorld world) => new()
    {
        Business = world.Business.Id,
        Phone = world.Business.PhoneNumberId,
        Conversation = ConversationId.Create().Hex,
        Id = EnvelopeId.Create().Hex,
        AcceptedAt = world.Time.GetUtcNow().ToUnixTimeMilliseconds(),
    };
}
