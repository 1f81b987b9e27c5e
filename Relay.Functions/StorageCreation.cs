using Microsoft.Extensions.Hosting;
using Relay.Shared.Storage;

namespace Relay.Functions;

/// <summary>Creates tables and queues at start, for local runs under the Functions host. In Azure the templates create them, and no identity may.</summary>
internal sealed class StorageCreation(RelayStorage relay, TransportStorage transport) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await relay.Tables.EnsureTablesAsync(TableNames.OfRelay, cancellationToken);
        await relay.Queues.EnsureQueuesAsync(QueueNames.OfRelay, cancellationToken);
        await transport.Tables.EnsureTablesAsync(TableNames.OfTransport, cancellationToken);
        await transport.Queues.EnsureQueuesAsync(QueueNames.OfTransport, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
