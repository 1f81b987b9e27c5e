using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Relay.Shared.Storage;

namespace Relay.Shared.Azure;

/// <summary>
/// One storage account, in Azure or the emulator: its tables, queues and blobs, with the retries and the silence of <see cref="AzureClientDefaults"/>.
/// </summary>
public sealed class AzureStorageConnection
{
    private AzureStorageConnection(TableServiceClient tableService, QueueServiceClient queueService, BlobServiceClient blobService)
    {
        TableService = tableService;
        QueueService = queueService;
        BlobService = blobService;
        Tables = new AzureTableStore(tableService);
        Queues = new AzureQueueStore(queueService);
        Blobs = new AzureBlobStore(blobService);
    }

    public ITableStore Tables { get; }

    public IQueueStore Queues { get; }

    public IBlobStore Blobs { get; }

    internal TableServiceClient TableService { get; }

    internal QueueServiceClient QueueService { get; }

    internal BlobServiceClient BlobService { get; }

    /// <param name="settings">Where the account is and who we are there.</param>
    /// <param name="counter">Counts every request, for benchmarks; null counts nothing.</param>
    /// <exception cref="InvalidOperationException">The connection string isn't one.</exception>
    public static AzureStorageConnection Create(AzureStorageSettings settings, StorageCallCounter? counter)
    {
        TableClientOptions tables = AzureClientDefaults.Apply(new TableClientOptions());
        QueueClientOptions queues = AzureClientDefaults.Apply(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None });
        BlobClientOptions blobs = AzureClientDefaults.Apply(new BlobClientOptions());
        StorageCallMeter.Attach(tables, StorageCallCounter.TableKind);
        StorageCallMeter.Attach(queues, StorageCallCounter.QueueKind);
        StorageCallMeter.Attach(blobs, StorageCallCounter.BlobKind);
        counter?.Attach(tables, StorageCallCounter.TableKind);
        counter?.Attach(queues, StorageCallCounter.QueueKind);
        counter?.Attach(blobs, StorageCallCounter.BlobKind);
        if (settings.ConnectionString is { } secret)
        {
            try
            {
                return new(
                    new TableServiceClient(secret.Reveal(), tables), new QueueServiceClient(secret.Reveal(), queues), new BlobServiceClient(secret.Reveal(), blobs));
            }
            catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
            {
                // Not kept as the inner exception: parsers quote what they can't read.
                throw new InvalidOperationException($"Setting '{settings.Name}' is not a storage connection string.");
            }
        }

        TokenCredential credential = settings.Identity.CreateCredential();
        return new(
            new TableServiceClient(settings.TableServiceUri, credential, tables),
            new QueueServiceClient(settings.QueueServiceUri, credential, queues),
            new BlobServiceClient(settings.BlobServiceUri, credential, blobs));
    }
}
