using Microsoft.Extensions.DependencyInjection;
using Relay.Shared.Conversations;
using Relay.Shared.Messaging;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>A message that can't be handed over for its whole life ends as failed, while the keys that it lies under still exist.</summary>
public sealed class OverdueTests
{
    private const int Undeliverable = 131026;

    /// <summary>The longest pause between two tries.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromHours(4);

    [Fact]
    public async Task A_message_that_the_transport_never_takes_is_told_as_failed()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted, Away("http:transport"));
        string? id = await world.SendAsync("Hello");
        await PassAsync(world, WorkQueue.MessageLife - Step);
        Assert.Empty(world.Webhook.Told());

        await PassAsync(world, 3 * Step);
        Assert.Equal([$"failed:{id}"], world.Webhook.Told());
        Assert.Equal(Undeliverable, world.Webhook.Deliveries.Single().StatusUpdate.GetProperty("errors")[0].GetProperty("code").GetInt32());
        Assert.Empty(world.Relay.Queues.Everything());
    }

    [Fact]
    public async Task A_first_message_that_never_gets_a_bundle_is_told_as_failed()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers, Away("http:transport"));
        string? id = await world.SendAsync("Hello");
        await PassAsync(world, WorkQueue.MessageLife + (2 * Step));

        Assert.Equal([$"failed:{id}"], world.Webhook.Told());
        Assert.DoesNotContain(world.Relay.Rows(TableNames.Conversations), row => row.RowKey == "S");
        Assert.Empty(world.Relay.Queues.Everything());
    }

    [Fact]
    public async Task A_message_that_left_never_fails_however_late_its_item_comes_again()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Strangers);
        string? id = await world.SendAsync("Hello");
        await world.DrainAsync();
        TableRow row = world.Relay.Rows(TableNames.Conversations).Single(row => row.RowKey.StartsWith("O:", StringComparison.Ordinal));
        Assert.True(ConversationKey.TryParse(row.PartitionKey, out ConversationKey key));
        WorkItem again = new()
        {
            Business = key.Business.Value,
            Phone = world.Business.PhoneNumberId,
            Conversation = key.Conversation.Hex,
            Id = row.RowKey[2..],
            AcceptedAt = world.Time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        world.Time.Advance(WorkQueue.MessageLife + TimeSpan.FromMinutes(1));
        await world.Running.Local.Services.GetRequiredService<DeliverMessage>().ExecuteAsync(again.Encode(), CancellationToken.None);
        await world.DrainAsync();

        Assert.Equal([$"sent:{id}"], world.Webhook.Told());
        Assert.Equal((int)OutboundState.Sent, world.Relay.Rows(TableNames.Conversations).Single(one => one.RowKey == row.RowKey).Get<int>("state"));
    }

    private static FaultPlan Away(string name) => new(call => call.Name == name ? Fault.RequestLost : null);

    private static async Task PassAsync(PairWorld world, TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += Step)
        {
            await world.DrainAsync();
            world.Time.Advance(Step);
        }

        await world.DrainAsync();
    }
}
