using Microsoft.Extensions.DependencyInjection;
using Relay.Shared.Accounts;
using Relay.Shared.Stamps;
using Relay.Shared.Storage;

namespace Relay.Shared.Hosting;

/// <summary>The business manager without a host.</summary>
public static class ManagerServices
{
    /// <summary>
    /// Registers what only the manager has. Its operations on businesses are <see cref="RelayServices.AddRelay"/>'s, which the caller registers too, with
    /// <c>ManagerStorage</c>.
    /// </summary>
    public static IServiceCollection AddManager(this IServiceCollection services, ManagerOptions options) => services
        .AddSingleton(options)
        .AddSingleton(new AdminCredential(options.AdminToken))
        .AddStamps();

    private static IServiceCollection AddStamps(this IServiceCollection services) => services
        .AddSingleton(provider => new StampOptions
        {
            Own = provider.GetRequiredService<RelayOptions>().Region,
            PublicBaseUrl = provider.GetRequiredService<RelayOptions>().PublicBaseUrl,
            Managers = provider.GetRequiredService<ManagerOptions>().Stamps,
            Key = provider.GetRequiredService<ManagerOptions>().StampKey,
        })
        .AddSingleton(provider => new StampStore(provider.GetRequiredService<ManagerStorage>().Tables))
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<StampClient>(provider, provider.GetRequiredService<OutgoingHttp>().Transport))
        .AddSingleton<RegisterInStamp>()
        .AddSingleton<AdoptNumber>();
}
