using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Relay.Functions.Health;
using Relay.Functions.Http;

namespace Relay.Functions;

/// <summary>What every app has: health, an answer to unknown paths, and no request address in a log.</summary>
internal static class DoorsOfEveryRole
{
    internal static IServiceCollection AddDoorsOfEveryRole(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<GraphResults>();
        services.TryAddSingleton<NotFoundFunctions>();
        services.TryAddSingleton<HealthFunctions>();
        return services.KeepRequestAddressesOutOfLogs();
    }
}
