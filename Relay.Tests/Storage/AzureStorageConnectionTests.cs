using Relay.Shared.Azure;
using Relay.Shared.Storage;
using Relay.Tests.Support;
using Xunit;

namespace Relay.Tests.Storage;

/// <summary>What goes over the wire: the cheapest call for each need, and few retries.</summary>
[AzuriteTier]
public sealed class AzureStorageConnectionTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [StorageFact]
    public async Task Each_need_is_met_by_its_cheapest_call()
    {
        StorageCallCounter counter = new();
        AzureStorageConnection connection = await StorageTier.AzuriteAsync(counter);
        string table = "t" + Guid.NewGuid().ToString("N");
        string queue = "q" + Guid.NewGuid().ToString("N");
        await connection.Tables.EnsureTablesAsync([table], None);
        await connection.Queues.EnsureQueuesAsync([queue], None);
        counter.Reset();

        Task<CommitResult> Commit(params TableWrite[] writes) => connection.Tables.CommitAsync(table, "p", writes, None);
        await Commit(TableWrite.Insert("r", Columns.Of("A", 1)));
        await Commit(TableWrite.Upsert("r", Columns.Of("A", 1)));
        await Commit(TableWrite.Merge("r", null, Columns.Of("A", 1)));
        await Commit(TableWrite.Insert("s", Columns.Of("A", 1)), TableWrite.Insert("t", Columns.Of("A", 1)));
        await connection.Tables.GetAsync(table, "p", "r", None);
        await connection.Tables.GetAsync(table, "p", "nothing", None);
        Assert.Equal(2, (await connection.Tables.QueryAsync(table, TableRange.Partition("p", 2), None).ToListAsync()).Count);
        await Commit(TableWrite.Delete("r", null));
        await connection.Queues.SendAsync(queue, "hello", TimeSpan.Zero, TimeSpan.FromDays(1), None);
        QueueItem item = Assert.Single(await connection.Queues.ReceiveAsync(queue, 32, TimeSpan.FromMinutes(1), None));
        Assert.NotNull(await connection.Queues.HideAsync(queue, item, TimeSpan.Zero, None));
        await connection.Queues.CountAsync(queue, None);

        string[] expected =
        [
            "queue:get 1", "queue:other 1", "queue:put 1", "queue:update 1",
            "table:delete 1", "table:get 2", "table:insert 1", "table:merge 1", "table:query 1", "table:replace 1", "table:transaction 1",
        ];
        Assert.Equal(expected, counter.Snapshot().Select(pair => $"{pair.Key} {pair.Value.Operations}"));
    }
}

/// <summary>An account that can't be reached is a fault that tells no address and no key, after few attempts.</summary>
public sealed class AzureStorageUnreachableTests
{
    private const string Nobody =
        "DefaultEndpointsProtocol=http;AccountName=nobody;AccountKey=dG9wc2VjcmV0;"
        + "QueueEndpoint=http://127.0.0.1:1/nobody;TableEndpoint=http://127.0.0.1:1/nobody";

    [Fact]
    public async Task An_unreachable_account_is_a_fault_after_four_attempts()
    {
        StorageCallCounter counter = new();
        AzureStorageConnection connection =
            AzureStorageConnection.Create(AzureStorageSettings.Read("Nobody", name => name == "Nobody" ? Nobody : null), counter);
        TableWrite[] writes = [TableWrite.Insert("secret-row", Columns.Of("A", 1))];

        Task<StorageFaultException>[] faults =
        [
            Assert.ThrowsAsync<StorageFaultException>(() => connection.Tables.GetAsync("things", "p", "secret-row", CancellationToken.None)),
            Assert.ThrowsAsync<StorageFaultException>(() => connection.Tables.CommitAsync("things", "p", writes, CancellationToken.None)),
            Assert.ThrowsAsync<StorageFaultException>(() =>
                connection.Queues.SendAsync("work", "secret-body", TimeSpan.Zero, TimeSpan.FromDays(1), CancellationToken.None)),
        ];

        Assert.All(await Task.WhenAll(faults), fault =>
        {
            Assert.Equal((0, "ConnectionRefused"), (fault.Status, fault.ErrorCode));
            Assert.DoesNotContain("127.0.0.1", fault.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("secret-", fault.ToString(), StringComparison.Ordinal);
        });
        Assert.All(counter.Snapshot().Values, calls => Assert.Equal(new StorageCalls(1, 4), calls));
    }
}
