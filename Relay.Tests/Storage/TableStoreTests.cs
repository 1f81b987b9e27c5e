using Relay.Shared.Azure;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;
using Relay.Tests.Support;

namespace Relay.Tests.Storage;

public sealed class MemoryTableStoreTests : TableStoreContract
{
    protected override Task<ITableStore> OpenAsync() => Task.FromResult<ITableStore>(new MemoryTableStore());
}

[AzuriteTier]
public sealed class AzuriteTableStoreTests : TableStoreContract
{
    protected override async Task<ITableStore> OpenAsync() => (await StorageTier.AzuriteAsync()).Tables;
}

[AzureTier]
public sealed class AzureTableStoreTests : TableStoreContract
{
    private readonly AzureStorageConnection _connection = StorageTier.Azure();

    public override Task DisposeAsync() => _connection.TableService.DeleteTableAsync(Table);

    protected override Task<ITableStore> OpenAsync() => Task.FromResult(_connection.Tables);
}
