using Microsoft.Extensions.Time.Testing;
using Relay.Shared.Azure;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;
using Relay.Tests.Support;

namespace Relay.Tests.Storage;

public sealed class MemoryQueueStoreTests : QueueStoreContract
{
    private readonly FakeTimeProvider _time = new();

    protected override Task<IQueueStore> OpenAsync() => Task.FromResult<IQueueStore>(new MemoryQueueStore(_time));

    protected override Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}

[AzuriteTier]
public sealed class AzuriteQueueStoreTests : QueueStoreContract
{
    protected override async Task<IQueueStore> OpenAsync() => (await StorageTier.AzuriteAsync()).Queues;

    protected override Task PassAsync(TimeSpan time) => Task.Delay(time);
}

[AzureTier]
public sealed class AzureQueueStoreTests : QueueStoreContract
{
    private readonly AzureStorageConnection _connection = StorageTier.Azure();

    public override Task DisposeAsync() => _connection.QueueService.DeleteQueueAsync(Queue);

    protected override Task<IQueueStore> OpenAsync() => Task.FromResult(_connection.Queues);

    protected override Task PassAsync(TimeSpan time) => Task.Delay(time);
}
