using System.Diagnostics.CodeAnalysis;
using Azure.Security.KeyVault.Keys;
using Relay.Shared.Azure;
using Relay.Shared.Azure.KeyVault;
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

    /// <summary>A role's key vault in Azure.</summary>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The vault lives as long as the process.")]
    public static IKeyWrapper OpenVault(KeyVaultSettings settings, TimeProvider time) => new KeyVaultKeyWrapper(
        new KeyVaultKeys(settings.VaultUri, settings.Identity.CreateCredential(), AzureClientDefaults.Apply(new KeyClientOptions()), time));

    /// <summary>The account of a Functions connection name, by connection string or by service addresses and identity.</summary>
    /// <param name="name"><c>RelayStorage</c> or <c>TransportStorage</c>.</param>
    /// <param name="setting">Looks up a setting.</param>
    /// <param name="counter">Counts calls, for benchmarks.</param>
    public static AzureStorageConnection Connect(string name, Func<string, string?> setting, StorageCallCounter? counter) =>
        AzureStorageConnection.Create(AzureStorageSettings.Read(name, setting), counter);
}
