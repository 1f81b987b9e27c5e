using Microsoft.Extensions.Hosting;
using Relay.Shared.Storage;

namespace Relay.Functions;

/// <summary>Creates tables, queues and containers at start, for local runs under the Functions host. In Azure the templates create them, and no identity may.</summary>
internal sealed class StorageCreation(RelayStorage relay, TransportStorage transport, ManagerStorage manager) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await relay.EnsureAsync(cancellationToken);
        await transport.EnsureAsync(cancellationToken);
        await manager.EnsureAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
