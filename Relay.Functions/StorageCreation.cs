using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Relay.Shared.Storage;

namespace Relay.Functions;

/// <summary>Creates a role's tables, queues and containers at start, for local runs. In Azure the templates create them, and no identity may.</summary>
internal sealed class StorageCreation(IServiceProvider services) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<RelayStorage>() is { } relay)
        {
            await relay.EnsureAsync(cancellationToken);
        }

        if (services.GetService<TransportStorage>() is { } transport)
        {
            await transport.EnsureAsync(cancellationToken);
        }

        if (services.GetService<ManagerStorage>() is { } manager)
        {
            await manager.EnsureAsync(cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
