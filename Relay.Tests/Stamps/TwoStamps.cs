using Relay.LocalHost;
using Relay.Shared.Primitives;
using Relay.Shared.Stamps;
using Relay.Shared.Storage;
using Relay.Shared.Storage.Memory;
using Relay.Tests.Support;

namespace Relay.Tests.Stamps;

/// <summary>Two whole Relays with nothing in common but the key of their managers: <see cref="Alps"/> serves CH, <see cref="Plain"/> all else and knows of the other.</summary>
internal sealed class TwoStamps : IAsyncDisposable
{
    private TwoStamps(TestRelay alps, TestRelay plain, MemoryTableStore plainTables) => (Alps, Plain, PlainTables) = (alps, plain, plainTables);

    public static Secret Key { get; } = new("the-key-that-managers-share");

    public TestRelay Alps { get; }

    public TestRelay Plain { get; }

    /// <summary>The account of Plain's manager.</summary>
    public MemoryTableStore PlainTables { get; }

    public string AlpsBase => Alps.Local.BaseAddress.AbsoluteUri.TrimEnd('/');

    public static async Task<TwoStamps> StartAsync()
    {
        TestRelay alps = await TestRelay.StartAsync(new LocalRelayOptions { StampKey = Key });
        StampMap map = StampMap.TryParse($"CH={alps.Local.BaseAddress}") ?? throw new InvalidOperationException();
        MemoryTableStore tables = new();
        return new TwoStamps(alps, await TestRelay.StartAsync(new LocalRelayOptions { StampKey = Key, Stamps = map, ManagerStamps = map, ManagerStorage = new ManagerStorage(tables) }), tables);
    }

    public IEnumerable<(string Business, string Region)> Recorded =>
        PlainTables.Everything().Where(entry => entry.Table == TableNames.Stamps).Select(entry => (entry.Row.PartitionKey, entry.Row.Get<string>("region")));

    public async ValueTask DisposeAsync()
    {
        await Plain.DisposeAsync();
        await Alps.DisposeAsync();
    }
}
