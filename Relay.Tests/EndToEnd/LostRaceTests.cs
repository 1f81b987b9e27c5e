using Microsoft.Extensions.DependencyInjection;
using Relay.LocalHost;
using Relay.Shared.Conversations;
using Relay.Shared.Maintenance;
using Relay.Shared.Messaging;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.EndToEnd;

/// <summary>What another worker changed while this one was at work is no verdict on a message.</summary>
public sealed class LostRaceTests
{
    [Fact]
    public async Task A_first_message_is_not_lost_when_another_worker_takes_the_second_one_first()
    {
        LocalRelayOptions options = new();
        MemoryAccount relay = new(options.Time);
        MemoryAccount transport = new(options.Time);
        InterruptedTables tables = new(relay.Tables, TableNames.PreKeys);
        options = options with { TransportStorage = new(transport.Tables, transport.Queues, transport.Blobs) };
        await using TestRelay slow = await TestRelay.StartAsync(options with { RelayStorage = new(tables, relay.Queues, relay.Blobs) });
        await using TestRelay quick = await TestRelay.StartAsync(options with { RelayStorage = new(relay.Tables, relay.Queues, relay.Blobs) });
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await slow.BusinessAsync(receiver);
        using TestDevice device = await slow.DeviceAsync();

        await device.SendAsync(business.Number, "first");
        tables.Interrupt = async () =>
        {
            await device.SendAsync(business.Number, "second");
            await quick.DrainAsync();
            Assert.Single(receiver.Deliveries);
        };
        await slow.DrainAsync();

        Assert.Null(tables.Interrupt);
        Assert.Equal(
            ["second", "first"],
            receiver.Deliveries.Select(delivery => TestRelay.Text(delivery.Message.GetProperty("text"), "body")));
        Assert.Empty(slow.Faults.Concat(quick.Faults));
    }

    [Fact]
    public async Task A_message_that_was_ended_as_failed_while_its_envelope_was_on_its_way_stays_failed()
    {
        LocalRelayOptions options = new();
        MemoryAccount account = new(options.Time);
        InterruptedTables tables = new(account.Tables, TableNames.Conversations);
        await using TestRelay relay = await TestRelay.StartAsync(options with { RelayStorage = new(tables, account.Queues, account.Blobs) });
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(receiver);
        using TestDevice device = await relay.DeviceAsync();
        tables.InterruptCommit = async (partition, writes) =>
        {
            if (writes.FirstOrDefault(write => write.RowKey.EndsWith(":sent", StringComparison.Ordinal)) is not { } sent)
            {
                return false;
            }

            Assert.True(ConversationKey.TryParse(partition, out ConversationKey key));
            WorkItem poison = new()
            {
                Business = business.Id,
                Phone = business.PhoneNumberId,
                Conversation = key.Conversation.Hex,
                Id = sent.RowKey.Split(':')[1],
                AcceptedAt = options.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            };
            await relay.Local.Services.GetRequiredService<HandlePoison>().OutboundAsync(poison.Encode(), CancellationToken.None);
            return true;
        };

        string id = await business.SendTextAsync(device.Number, "Hello");
        await relay.DrainAsync();
        await device.ReceiveAsync();
        await relay.DrainAsync();

        Assert.Null(tables.InterruptCommit);
        Assert.Equal([$"failed:{id}"], receiver.Told());
        Assert.Equal((int)OutboundState.Failed, Assert.Single(account.Rows(TableNames.Conversations), row => row.RowKey[0] == 'O').Get<int>("state"));
    }

    [Fact]
    public async Task A_conversation_deleted_as_idle_at_the_moment_of_its_first_session_keeps_its_number()
    {
        LocalRelayOptions options = new();
        MemoryAccount account = new(options.Time);
        InterruptedTables tables = new(account.Tables, TableNames.Conversations);
        await using TestRelay relay = await TestRelay.StartAsync(options with { RelayStorage = new(tables, account.Queues, account.Blobs) });
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(receiver);
        using TestDevice asked = await relay.DeviceAsync();
        using TestDevice asking = await relay.DeviceAsync();
        async Task<bool> DeleteLookupAsync(string partition, IReadOnlyList<TableWrite> writes)
        {
            TableRow row = account.Rows(TableNames.Lookup).Single(row => partition.EndsWith(row.Get<string>("conv"), StringComparison.Ordinal));
            await account.Tables.CommitAsync(TableNames.Lookup, row.PartitionKey, [TableWrite.Delete(row.RowKey, null)], CancellationToken.None);
            return true;
        }

        tables.InterruptCommit = DeleteLookupAsync;
        await business.SendTextAsync(asked.Number, "Hello");
        await relay.DrainAsync();
        Assert.Single(account.Rows(TableNames.Lookup));

        tables.InterruptCommit = DeleteLookupAsync;
        await asking.SendAsync(business.Number, "Hello?");
        await relay.DrainAsync();
        Assert.Equal(2, account.Rows(TableNames.Lookup).Count());
        Assert.Null(tables.InterruptCommit);
    }

    /// <summary>The worker has asked and was told that the number leads here; then the user is erased; then the worker commits.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_user_erased_at_the_moment_of_the_first_session_stays_erased(bool isBusinessFirst)
    {
        LocalRelayOptions options = new();
        MemoryAccount account = new(options.Time);
        InterruptedTables tables = new(account.Tables, TableNames.Conversations);
        await using TestRelay relay = await TestRelay.StartAsync(options with { RelayStorage = new(tables, account.Queues, account.Blobs) });
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestBusiness business = await relay.BusinessAsync(receiver);
        using TestDevice device = await relay.DeviceAsync();
        bool isErased = false;
        tables.InterruptCommit = async (_, writes) =>
        {
            if (isErased || !writes.Any(write => write is { Kind: TableWriteKind.Insert, RowKey: "S" }))
            {
                return false;
            }

            isErased = true;
            await business.DeleteAsync($"relay/v1/contacts/{device.Number.TrimStart('+')}");
            return true;
        };

        await (isBusinessFirst ? (Task)business.SendTextAsync(device.Number, "Hello") : device.SendAsync(business.Number, "Hello?"));
        await relay.DrainAsync();
        Assert.True(isErased);
        Assert.Equal(["L"], account.Rows(TableNames.Conversations).Select(row => row.RowKey));
        Assert.Empty(receiver.Told());
        Assert.All(account.Rows(TableNames.Lookup), row => Assert.Equal("Erased", row.Get<string>("state")));
    }
}
