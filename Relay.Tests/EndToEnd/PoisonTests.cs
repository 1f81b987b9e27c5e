using Microsoft.Extensions.DependencyInjection;
using Relay.Shared.Accounts;
using Relay.Shared.Conversations;
using Relay.Shared.Graph;
using Relay.Shared.Messaging;
using Relay.Shared.Primitives;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>What keeps failing doesn't end in silence.</summary>
public sealed class PoisonTests
{
    [Fact]
    public async Task A_message_that_keeps_failing_is_told_as_failed_with_an_error()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        await BreakSessionAsync(world);
        string? id = await world.SendAsync("Hello");
        await RunDryAsync(world);

        Assert.Equal([$"failed:{id}"], world.Webhook.Told());
        Assert.Equal(131000, world.Webhook.Deliveries.Single().StatusUpdate.GetProperty("errors")[0].GetProperty("code").GetInt32());
        Assert.Empty(world.Relay.Queues.Everything());
        Assert.Equal(10, world.Running.Faults.Count);
        await world.ReceiveAsync();
        Assert.Empty(world.Received);
    }

    [Fact]
    public async Task An_envelope_that_keeps_failing_is_parked_and_told_once_the_fault_is_mended()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        TableRow intact = await BreakSessionAsync(world);
        await world.UserSendsAsync("Hello");
        await RunDryAsync(world);
        Assert.Empty(world.Webhook.Deliveries);
        Assert.Single(world.Relay.Rows(TableNames.Parked));
        Assert.Empty(world.Relay.Queues.Everything());

        await world.Relay.Tables.CommitAsync(
            TableNames.Conversations, intact.PartitionKey, [TableWrite.Upsert(intact.RowKey, intact.Columns)], CancellationToken.None);
        await world.TimerAsync("ReplayParked");
        await world.DrainAsync();

        Delivery told = Assert.Single(world.Webhook.Deliveries);
        Assert.Equal("Hello", told.Message.GetProperty("text").GetProperty("body").GetString());
        Assert.Empty(world.Relay.Rows(TableNames.Parked));
    }

    [Fact]
    public async Task What_is_delivered_never_fails_afterwards()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        string? id = await world.SendAsync("Hello");
        await world.CheckAsync();

        AccountDirectory accounts = world.Running.Local.Services.GetRequiredService<AccountDirectory>();
        BusinessNumber? number = await accounts.FindNumberAsync(
            BusinessId.Parse(world.Business.Id), PhoneNumberId.Parse(world.Business.PhoneNumberId), CancellationToken.None);
        TableRow row = world.Relay.Rows(TableNames.Conversations)
            .First(row => row.RowKey.StartsWith("O:", StringComparison.Ordinal) && row.Get<int>("state") == (int)OutboundState.Delivered);
        Assert.True(ConversationKey.TryParse(row.PartitionKey, out ConversationKey key));
        Assert.True(EnvelopeId.TryParse(row.RowKey[2..], out EnvelopeId envelope));
        WorkItem item = new()
        {
            Business = key.Business.Value,
            Phone = world.Business.PhoneNumberId,
            Conversation = key.Conversation.Hex,
            Id = envelope.Hex,
            AcceptedAt = 0,
        };
        OutboundMessage stale = new() { Id = envelope, State = OutboundState.Committed, TellsStatus = true, To = world.Device.PhoneNumber };
        await world.Running.Local.Services.GetRequiredService<FailMessage>().ExecuteAsync(
            item, number!, stale, GraphErrorCode.SomethingWentWrong.Because("Too late."), CancellationToken.None);

        await world.CheckAsync();
        Assert.DoesNotContain(world.Webhook.Told(), told => told.StartsWith("failed:", StringComparison.Ordinal));
        Assert.Contains($"delivered:{id}", world.Webhook.Told());
    }

    [Fact]
    public async Task What_is_no_item_of_ours_is_dropped_with_an_error_to_be_seen()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        await world.Relay.Queues.SendAsync(QueueNames.Outbound, "not ours", TimeSpan.Zero, TimeSpan.FromDays(1), CancellationToken.None);
        await RunDryAsync(world);
        Assert.Empty(world.Relay.Queues.Everything());
        Assert.Contains(world.Running.Log.Lines, line => line.Event == 313);
    }

    [Fact]
    public async Task A_poison_message_whose_end_was_stored_and_the_answer_lost_is_told()
    {
        bool isArmed = false;
        FaultPlan plan = new(call =>
        {
            bool strikes = isArmed && call is { Process: "relay", Name: "table:commit", Target: "conversations" };
            isArmed &= !strikes;
            return strikes ? Fault.ReplyLost : null;
        });
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted, plan);
        await BreakSessionAsync(world);
        isArmed = true;
        string? id = await world.SendAsync("Hello");
        await RunDryAsync(world);
        Assert.Single(plan.Struck);
        world.Time.Advance(TimeSpan.FromMinutes(10));
        await RunDryAsync(world);
        Assert.Equal([$"failed:{id}"], world.Webhook.Told());
    }

    [Fact]
    public async Task A_message_whose_second_encryption_keeps_failing_is_told_as_failed()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        string? id = await world.SendAsync("Hello");
        await world.DrainAsync();
        await BreakSessionAsync(world);
        TableRow row = world.Relay.Rows(TableNames.Conversations)
            .Single(row => row.RowKey.StartsWith("O:", StringComparison.Ordinal) && row.Get<int>("state") == (int)OutboundState.Sent && row.Get<bool>("tells"));
        await world.Relay.Tables.CommitAsync(
            TableNames.Conversations, row.PartitionKey, [TableWrite.Merge(row.RowKey, null, new Dictionary<string, object> { ["retry"] = 1 })], CancellationToken.None);
        await world.Running.Local.Services.GetRequiredService<WorkQueue>().PutReferenceAsync(QueueNames.Outbound, Item(world, row), CancellationToken.None);
        await RunDryAsync(world);

        Assert.Equal([$"sent:{id}", $"failed:{id}"], world.Webhook.Told());
        Assert.Equal(131000, world.Webhook.Deliveries.Last().StatusUpdate.GetProperty("errors")[0].GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Of_the_relays_own_asking_the_business_is_told_nothing_when_it_keeps_failing()
    {
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted);
        TableRow session = await BreakSessionAsync(world);
        WorkItem unread = Item(world, session) with { Id = EnvelopeId.Create().Hex };
        BusinessNumber? number = await world.Running.Local.Services.GetRequiredService<AccountDirectory>()
            .FindNumberAsync(unread.Key.Business, unread.Number, CancellationToken.None);
        await world.Running.Local.Services.GetRequiredService<RetryReceipts>().AskAsync(unread, number!, world.Device.PhoneNumber, CancellationToken.None);
        await RunDryAsync(world);

        Assert.Equal(10, world.Running.Faults.Count);
        Assert.Empty(world.Relay.Queues.Everything());
        Assert.Empty(world.Webhook.Deliveries);
    }

    [Fact]
    public async Task A_status_whose_every_telling_died_is_told_in_the_end()
    {
        int strikes = 0;
        FaultPlan plan = new(call => call is { Name: "http:business" } && strikes++ < 10 ? Fault.CrashBefore : null);
        await using PairWorld world = await PairWorld.StartAsync(PreparedPair.Acquainted, plan);
        string? id = await world.SendAsync("Hello");
        await RunDryAsync(world);
        await RunDryAsync(world);
        Assert.Equal(10, plan.Struck.Count);
        Assert.Equal([$"sent:{id}"], world.Webhook.Told());
    }

    private static WorkItem Item(PairWorld world, TableRow row)
    {
        Assert.True(ConversationKey.TryParse(row.PartitionKey, out ConversationKey key));
        return new WorkItem
        {
            Business = key.Business.Value,
            Phone = world.Business.PhoneNumberId,
            Conversation = key.Conversation.Hex,
            Id = row.RowKey[(row.RowKey.IndexOf(':', StringComparison.Ordinal) + 1)..],
            AcceptedAt = world.Time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
    }

    /// <summary>Flips a bit of the sealed session; gives the row as it was.</summary>
    private static async Task<TableRow> BreakSessionAsync(PairWorld world)
    {
        TableRow row = Assert.Single(world.Relay.Rows(TableNames.Conversations), row => row.RowKey == "S");
        Dictionary<string, object> broken = new(row.Columns) { ["s0"] = row.Get<byte[]>("s0").Select((b, i) => i == 200 ? (byte)(b ^ 1) : b).ToArray() };
        await world.Relay.Tables.CommitAsync(
            TableNames.Conversations, row.PartitionKey, [TableWrite.Upsert(row.RowKey, broken)], CancellationToken.None);
        return row;
    }

    /// <summary>All ten deliveries, then the poison queue.</summary>
    private static async Task RunDryAsync(PairWorld world)
    {
        for (int delivery = 0; delivery < 11; delivery++)
        {
            await world.DrainAsync();
            world.Time.Advance(TimeSpan.FromSeconds(16));
        }

        await world.DrainAsync();
    }
}
