using Microsoft.Extensions.DependencyInjection;
using Relay.Shared.Accounts;
using Relay.Shared.Administration;
using Relay.Shared.Administration.Entra;
using Relay.Shared.Administration.People;
using Relay.Shared.Administration.Tenants;
using Relay.Shared.Integrity;
using Relay.Shared.Readiness;
using Relay.Shared.RoleCalls;
using Relay.Shared.Sealing;
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
    public static IServiceCollection AddManager(this IServiceCollection services, ManagerOptions options)
    {
        if (options.Entra is { } entra)
        {
            services
                .AddSingleton(entra)
                .AddSingleton(provider => new EntraKeys(OutgoingHttp.ToEntra(), entra, provider.GetRequiredService<TimeProvider>()))
                .AddSingleton<EntraTokens>();
        }

        RoleKeys operatorKeys = new(options.OperatorKey);
        return services
            .AddSingleton(options)
            .AddSingleton(new AdminCredential(options.AdminToken))
            .AddSingleton(provider => new TransportOperator(new RoleSigner(operatorKeys, provider.GetRequiredService<TimeProvider>())))
            .AddSingleton(new AdminAccess(options.AdminToken is null, options.Entra))
            .AddSingleton(provider => new PeopleStore(provider.GetRequiredService<ManagerStorage>().Tables, provider.GetRequiredService<RelayKeys>().Sealer))
            .AddSingleton<PeopleDirectory>()
            .AddSingleton<WhoMayAccess>()
            .AddSingleton<PeopleKeys>()
            .AddSingleton<AuthenticateAdmin>()
            .AddSingleton<Administer>()
            .AddSingleton<RemoveNumber>()
            .AddSingleton<EndBusiness>()
            .AddSingleton<SweepAccess>()
            .AddSingleton<ManagerReadiness>()
            .AddSingleton<TenantViews>()
            .AddSingleton<RotateAppSecret>()
            .AddSingleton<TenantNumbers>()
            .AddSingleton<TenantWebhooks>()
            .AddSingleton<TenantIntegrity>()
            .AddSingleton<ListStatistics>()
            .AddSingleton<TenantReports>()
            .AddSingleton<SystemUsers>()
            .AddStamps();
    }

    private static IServiceCollection AddStamps(this IServiceCollection services) => services
        .AddSingleton(provider => new StampOptions
        {
            Own = provider.GetRequiredService<RelayOptions>().Region,
            PublicBaseUrl = provider.GetRequiredService<RelayOptions>().PublicBaseUrl,
            Managers = provider.GetRequiredService<ManagerOptions>().Stamps,
            Key = provider.GetRequiredService<ManagerOptions>().StampKey,
        })
        .AddSingleton(provider => new StampStore(provider.GetRequiredService<ManagerStorage>().Tables))
        .AddSingleton(provider => new TakenCalls(provider.GetRequiredService<ManagerStorage>().Tables, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<StampClient>(provider, provider.GetRequiredService<OutgoingHttp>().Transport))
        .AddSingleton<RegisterInStamp>()
        .AddSingleton<AdoptNumber>();
}
