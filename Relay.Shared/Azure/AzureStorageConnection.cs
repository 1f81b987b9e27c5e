using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Queues;
using Relay.Shared.Storage;

namespace Relay.Shared.Azure;

/// <summary>
/// One storage account, in Azure or the emulator: its tables and queues, over one pool of connections. Retries are few and
/// bounded (about 4 s of waiting at most); nothing is logged or traced by the SDK, because request addresses hold keys.
/// </summary>
public sealed class AzureStorageConnection
{
    /// <summary>One for the process. Connections are renewed, so that a moved account is found again by its name.</summary>
    private static readonly HttpClientTransport s_transport = new(new HttpClient(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
    })
    {
        // The pipeline's network timeout rules.
        Timeout = Timeout.InfiniteTimeSpan,
    });

    private AzureStorageConnection(TableServiceClient tableService, QueueServiceClient queueService)
    {
        TableService = tableService;
        QueueService = queueService;
        Tables = new AzureTableStore(tableService);
        Queues = new AzureQueueStore(queueService);
    }

    public ITableStore Tables { get; }

    public IQueueStore Queues { get; }

    internal TableServiceClient TableService { get; }

    internal QueueServiceClient QueueService { get; }

    /// <param name="settings">Where the account is and who we are there.</param>
    /// <param name="counter">Counts every request, for benchmarks; null counts nothing.</param>
    /// <exception cref="InvalidOperationException">The connection string isn't one.</exception>
    public static AzureStorageConnection Create(AzureStorageSettings settings, StorageCallCounter? counter)
    {
        TableClientOptions tables = Configure(new TableClientOptions());
        QueueClientOptions queues = Configure(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None });
        counter?.Attach(tables, isQueue: false);
        counter?.Attach(queues, isQueue: true);
        if (settings.ConnectionString is { } secret)
        {
            try
            {
                return new(new TableServiceClient(secret.Reveal(), tables), new QueueServiceClient(secret.Reveal(), queues));
            }
            catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
            {
                // Not kept as the inner exception: parsers quote what they can't read.
                throw new InvalidOperationException($"Setting '{settings.Name}' is not a storage connection string.");
            }
        }

        TokenCredential credential = Credential(settings);
        return new(
            new TableServiceClient(settings.TableServiceUri, credential, tables),
            new QueueServiceClient(settings.QueueServiceUri, credential, queues));
    }

    private static TokenCredential Credential(AzureStorageSettings settings) => (settings.UsesManagedIdentity, settings.ClientId) switch
    {
        (true, { } clientId) => new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId)),
        (true, null) => new ManagedIdentityCredential(ManagedIdentityId.SystemAssigned),
        (false, var clientId) => new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = clientId }),
    };

    private static T Configure<T>(T options)
        where T : ClientOptions
    {
        options.Transport = s_transport;
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.MaxRetries = 3;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(2);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(10);
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsLoggingContentEnabled = false;
        options.Diagnostics.IsDistributedTracingEnabled = false;
        options.Diagnostics.IsTelemetryEnabled = false;
        return options;
    }
}
