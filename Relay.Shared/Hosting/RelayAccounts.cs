using Relay.Shared.Azure;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Shared.Hosting;

/// <summary>Opens the storage accounts and the keys that lie in them.</summary>
public static class RelayAccounts
{
    public static RelayKeys OpenKeys(RelayStorage storage, IKeyWrapper wrapper, TimeProvider time, string region)
    {
        KeyRing ring = new(storage.Tables, wrapper, time);
        return new RelayKeys(ring, new Sealer(ring, region));
    }

    public static TransportKeys OpenKeys(TransportStorage storage, IKeyWrapper wrapper, TimeProvider time, string region)
    {
        KeyRing ring = new(storage.Tables, wrapper, time);
        return new TransportKeys(ring, new Sealer(ring, region));
    }

    /// <summary>The account of a Functions connection name, by connection string or by service addresses and identity.</summary>
    /// <param name="name"><c>RelayStorage</c> or <c>TransportStorage</c>.</param>
    /// <param name="setting">Looks up a setting.</param>
    /// <param name="counter">Counts calls, for benchmarks.</param>
    public static AzureStorageConnection Connect(string name, Func<string, string?> setting, StorageCallCounter? counter) =>
        AzureStorageConnection.Create(AzureStorageSettings.Read(name, setting), counter);
}
