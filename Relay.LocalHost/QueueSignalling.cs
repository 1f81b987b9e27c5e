using Microsoft.Extensions.DependencyInjection;
using Relay.Shared.Storage;

namespace Relay.LocalHost;

/// <summary>Puts <see cref="SignallingQueueStore"/> around the queues of both storage accounts, whoever registered them.</summary>
internal static class QueueSignalling
{
    public static void SignalQueueSends(this IServiceCollection services)
    {
        services.Replace<RelayStorage>(storage => storage with { Queues = Signalling(storage.Queues) });
        services.Replace<TransportStorage>(storage => storage with { Queues = Signalling(storage.Queues) });
    }

    private static SignallingQueueStore Signalling(IQueueStore queues) => queues as SignallingQueueStore ?? new SignallingQueueStore(queues);

    private static void Replace<TService>(this IServiceCollection services, Func<TService, TService> change)
        where TService : class
    {
        var found = services.LastOrDefault(service => service.ServiceType == typeof(TService) && !service.IsKeyedService);
        if (found is not null)
        {
            services[services.IndexOf(found)] = ServiceDescriptor.Describe(typeof(TService), provider => change(Create<TService>(found, provider)), found.Lifetime);
        }
    }

    private static TService Create<TService>(ServiceDescriptor service, IServiceProvider provider) =>
        (TService)(service.ImplementationInstance
            ?? service.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, service.ImplementationType ?? typeof(TService)));
}
