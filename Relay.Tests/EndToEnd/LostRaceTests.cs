using Relay.LocalHost;
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
        options = options with { TransportStorage = new(transport.Tables, transport.Queues) };
        await using TestRelay slow = await TestRelay.StartAsync(options with { RelayStorage = new(tables, relay.Queues) });
        await using TestRelay quick = await TestRelay.StartAsync(options with { RelayStorage = new(relay.Tables, relay.Queues) });
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

    /// <summary>Does something else before the next read of one table.</summary>
    private sealed class InterruptedTables(ITableStore inner, string of) : ITableStore
    {
        public Func<Task>? Interrupt { get; set; }

        public async Task<TableRow?> GetAsync(string table, string partitionKey, string rowKey, CancellationToken cancellationToken)
        {
            if (table == of && Interrupt is { } interrupt)
            {
                Interrupt = null;
                await interrupt();
            }

            return await inner.GetAsync(table, partitionKey, rowKey, cancellationToken);
        }

        public IAsyncEnumerable<TableRow> QueryAsync(string table, TableRange range, CancellationToken cancellationToken) =>
            inner.QueryAsync(table, range, cancellationToken);

        public Task<CommitResult> CommitAsync(string table, string partitionKey, IReadOnlyList<TableWrite> writes, CancellationToken cancellationToken) =>
            inner.CommitAsync(table, partitionKey, writes, cancellationToken);

        public Task EnsureTablesAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken) =>
            inner.EnsureTablesAsync(names, cancellationToken);
    }
}
