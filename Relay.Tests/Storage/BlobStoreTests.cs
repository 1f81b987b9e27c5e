using Relay.Shared.Azure;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;
using Relay.Tests.Support;

namespace Relay.Tests.Storage;

public sealed class MemoryBlobStoreTests : BlobStoreContract
{
    protected override Task<IBlobStore> OpenAsync() => Task.FromResult<IBlobStore>(new MemoryBlobStore());
}

[AzuriteTier]
public sealed class AzuriteBlobStoreTests : BlobStoreContract
{
    protected override async Task<IBlobStore> OpenAsync() => (await StorageTier.AzuriteAsync()).Blobs;
}

[AzureTier]
public sealed class AzureBlobStoreTests : BlobStoreContract
{
    private readonly AzureStorageConnection _connection = StorageTier.Azure();

    public override Task DisposeAsync() => _connection.BlobService.DeleteBlobContainerAsync(Container);

    protected override Task<IBlobStore> OpenAsync() => Task.FromResult(_connection.Blobs);
}
