using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Relay.Shared.Maintenance;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Maintenance;

/// <summary>What is parked of a number whose messages are kept for an hour only.</summary>
public sealed class ParkedRetentionTests
{
    [Fact]
    public async Task Parked_envelopes_go_with_the_numbers_retention_and_those_of_others_stay()
    {
        await using PairWorld world = await StartAsync();
        TestBusiness other = await world.Running.BusinessAsync(null);
        await ParkAsync(world, Item(world));
        await ParkAsync(world, Item(world) with { Business = other.Id, Phone = other.PhoneNumberId });
        await PassAsync(world, 59);
        Assert.Equal(2, Parked(world).Count());
        await PassAsync(world, 16);
        Assert.Equal([other.Id], Parked(world).Select(row => row.PartitionKey));
    }

    /// <summary>It was tried until then, or lay in the queue.</summary>
    [Theory]
    [InlineData(60, 0)]
    [InlineData(59, 1)]
    public async Task What_is_parked_at_its_end_is_dropped_at_once_or_goes_soon(int age, int parked)
    {
        await using PairWorld world = await StartAsync();
        await ParkAsync(world, Item(world) with { AcceptedAt = (world.Time.GetUtcNow() - TimeSpan.FromMinutes(age)).ToUnixTimeMilliseconds() });
        Assert.Equal(parked, Parked(world).Count());
        await PassAsync(world, 20);
        Assert.Empty(Parked(world));
    }

    [Fact]
    public async Task A_longer_setting_moves_what_is_parked()
    {
        await using PairWorld world = await StartAsync();
        await ParkAsync(world, Item(world));
        await SetAsync(world, 240);
        await PassAsync(world, 120);
        Assert.Single(Parked(world));
        await PassAsync(world, 140);
        Assert.Empty(Parked(world));
    }

    /// <summary>And nobody takes it up any more: the queue forgets it.</summary>
    [Fact]
    public async Task What_is_put_back_outlives_the_retention_by_hours_at_most()
    {
        await using PairWorld world = await StartAsync();
        await ParkAsync(world, Item(world));
        await world.TimerAsync("ReplayParked");
        Assert.Empty(Parked(world));
        Assert.Single(world.Relay.Queues.Everything());
        world.Time.Advance(TimeSpan.FromHours(8));
        Assert.Empty(await world.Relay.Queues.ReceiveAsync(QueueNames.Inbound, 32, TimeSpan.FromMinutes(1), CancellationToken.None));
    }

    /// <summary>A run that can't read what is parked comes back to it.</summary>
    [Fact]
    public async Task A_run_that_fails_is_finished_by_the_next()
    {
        bool isAway = false;
        FaultPlan plan = new(call => isAway && call is { Name: "table:query", Target: TableNames.Parked } ? Fault.RequestLost : null);
        await using PairWorld world = await StartAsync(plan);
        await ParkAsync(world, Item(world));
        isAway = true;
        await PassAsync(world, 80);
        Assert.Single(Parked(world));
        isAway = false;
        await PassAsync(world, 5);
        Assert.Empty(Parked(world));
    }

    private static async Task<PairWorld> StartAsync(FaultPlan? plan = null)
    {
        PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted, plan);
        await world.TimerAsync("EraseDue");
        await SetAsync(world, 60);
        return world;
    }

    private static async Task SetAsync(PairWorld world, int minutes)
    {
        (HttpStatusCode status, _) = await world.Business.PostAsync(
            $$$"""{"storage_configuration":{"status":"NO_STORAGE_ENABLED","retention_minutes":{{{minutes}}}}}""", path: $"v25.0/{world.Business.PhoneNumberId}/settings");
        Assert.Equal(HttpStatusCode.OK, status);
    }

    private static Task ParkAsync(PairWorld world, WorkItem item) =>
        world.Running.Local.Services.GetRequiredService<HandlePoison>().InboundAsync(item.Encode(), CancellationToken.None);

    private static IEnumerable<TableRow> Parked(PairWorld world) => world.Relay.Rows(TableNames.Parked);

    private static WorkItem Item(PairWorld world) => new()
    {
        Business = world.Business.Id,
        Phone = world.Business.PhoneNumberId,
        Conversation = ConversationId.Create().Hex,
        Id = EnvelopeId.Create().Hex,
        AcceptedAt = world.Time.GetUtcNow().ToUnixTimeMilliseconds(),
    };

    private static async Task PassAsync(PairWorld world, int minutes)
    {
        for (int minute = 1; minute <= minutes; minute++)
        {
            world.Time.Advance(TimeSpan.FromMinutes(1));
            if (minute % 5 == 0 || minute == minutes)
            {
                await world.TimerAsync("EraseDue");
            }
        }
    }
}
