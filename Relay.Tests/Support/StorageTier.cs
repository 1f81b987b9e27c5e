using Relay.Shared.Azure;

namespace Relay.Tests.Support;

/// <summary>
/// Where the storage tests find the emulator and a real account. Names come from the environment; a tier that isn't there is
/// skipped with a reason, the memory tier always runs.
/// </summary>
public static class StorageTier
{
    private const string TablesVariable = "RELAY_TEST_AZURE_TABLES";
    private const string QueuesVariable = "RELAY_TEST_AZURE_QUEUES";
    private const string BlobsVariable = "RELAY_TEST_AZURE_BLOBS";

    /// <summary>Why the emulator's tests don't run, or null: <c>./relay setup</c> installs it, and a test run without it should fail.</summary>
    public static string? AzuriteMissing => null;

    /// <summary>Why a real account's tests don't run, or null.</summary>
    public static string? AzureMissing => Read(TablesVariable) is null || Read(QueuesVariable) is null || Read(BlobsVariable) is null
        ? $"Set {TablesVariable}, {QueuesVariable} and {BlobsVariable} to the service URIs of a storage account to run this."
        : null;

    public static async Task<AzureStorageConnection> AzuriteAsync(StorageCallCounter? counter = null)
    {
        string connection = await AzuriteConnectionAsync();
        return AzureStorageConnection.Create(AzureStorageSettings.Read("Test", name => name == "Test" ? connection : null), counter);
    }

    public static AzureStorageConnection Azure() => AzureStorageConnection.Create(
        AzureStorageSettings.Read("Test", name => name switch
        {
            "Test__tableServiceUri" => Read(TablesVariable),
            "Test__queueServiceUri" => Read(QueuesVariable),
            "Test__blobServiceUri" => Read(BlobsVariable),
            _ => null,
        }),
        counter: null);

    /// <summary>The one place that knows how an emulator is found.</summary>
    public static async Task<string> AzuriteConnectionAsync() => (await AzuriteServer.SharedAsync()).RelayStorage;

    private static string? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
