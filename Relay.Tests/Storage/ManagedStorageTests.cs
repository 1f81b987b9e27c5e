using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;
using Xunit;

namespace Relay.Tests.Storage;

/// <summary>The manager's part of the relay's account ends where its identity's rights do.</summary>
public sealed class ManagedStorageTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Its_own_tables_are_there_and_the_others_are_refused()
    {
        RelayStorage managers = await CreateAsync();
        foreach (string table in TableNames.OfRelay)
        {
            Task<TableRow?> Read() => managers.Tables.GetAsync(table, "p", "r", None);
            if (TableNames.Managed.Contains(table))
            {
                Assert.Null(await Read());
                continue;
            }

            await Assert.ThrowsAsync<InvalidOperationException>(Read);
            await Assert.ThrowsAsync<InvalidOperationException>(() => managers.Tables.CommitAsync(table, "p", [TableWrite.Insert("r", new Dictionary<string, object>())], None));
            await Assert.ThrowsAsync<InvalidOperationException>(() => managers.Tables.EnsureTablesAsync([table], None));
        }

        Assert.Contains(TableNames.Conversations, TableNames.OfRelay.Except(TableNames.Managed));
    }

    [Fact]
    public async Task It_asks_for_erasures_and_takes_no_work_and_no_file()
    {
        RelayStorage managers = await CreateAsync();
        await managers.Queues.SendAsync(QueueNames.Erasures, "x", TimeSpan.Zero, TimeSpan.FromDays(1), None);
        await Assert.ThrowsAsync<InvalidOperationException>(() => managers.Queues.SendAsync(QueueNames.Outbound, "x", TimeSpan.Zero, TimeSpan.FromDays(1), None));
        await Assert.ThrowsAsync<InvalidOperationException>(() => managers.Queues.ReceiveAsync(QueueNames.Erasures, 1, TimeSpan.FromMinutes(1), None));
        await Assert.ThrowsAsync<InvalidOperationException>(() => managers.Blobs.DeleteAsync(ContainerNames.Media, "x", None));
    }

    private static async Task<RelayStorage> CreateAsync()
    {
        RelayStorage whole = new(new MemoryTableStore(), new MemoryQueueStore(TimeProvider.System), new MemoryBlobStore());
        await whole.EnsureAsync(None);
        RelayStorage managers = whole.ForManager();
        await managers.EnsureAsync(None);
        return managers;
    }
}
