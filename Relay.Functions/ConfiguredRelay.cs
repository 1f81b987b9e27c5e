using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Relay.Shared.Azure;
using Relay.Shared.Hosting;
using Relay.Shared.Storage;

namespace Relay.Functions;

/// <summary>
/// All roles from settings: storage accounts, keys, operations and functions. Which functions run in an app is the platform's
/// <c>AzureWebJobs.&lt;Function&gt;.Disabled</c>.
/// </summary>
public static class ConfiguredRelay
{
    public static IServiceCollection AddConfiguredRelay(this IServiceCollection services, Func<string, string?> setting)
    {
        if (setting(nameof(RelayStorage)) is { Length: > 0 } one && one == setting(nameof(TransportStorage)))
        {
            throw new InvalidOperationException("RelayStorage and TransportStorage must be two accounts: their tables have the same names.");
        }

        services.TryAddSingleton(TimeProvider.System);
        if (bool.TryParse(setting(RelaySettings.CreateStorage), out bool create) && create)
        {
            services.AddHostedService<StorageCreation>();
        }

        services.AddSingleton(_ => OpenRelay(setting));
        services.AddSingleton(_ => OpenTransport(setting));
        RelayOptions relay = RelaySettings.ReadRelay(setting);
        services.AddSingleton(provider => RelayAccounts.OpenKeys(
            provider.GetRequiredService<RelayStorage>(), Wrapper(setting, RelaySettings.LocalKeyFile), provider.GetRequiredService<TimeProvider>(), relay.Region));
        services.AddSingleton(provider => RelayAccounts.OpenKeys(
            provider.GetRequiredService<TransportStorage>(), Wrapper(setting, RelaySettings.TransportLocalKeyFile), provider.GetRequiredService<TimeProvider>(), relay.Region));
        return services
            .AddRelay(relay)
            .AddTransport(RelaySettings.ReadTransport(setting))
            .AddRelayFunctions()
            .AddTransportFunctions();
    }

    /// <summary>Key Vault takes this place in Azure; until it comes, the development key file is the one implementation.</summary>
    private static LocalKeyWrapper Wrapper(Func<string, string?> setting, string name) =>
        new(LocalKeyFile.Open(RelaySettings.Required(setting, name)));

    private static RelayStorage OpenRelay(Func<string, string?> setting)
    {
        AzureStorageConnection account = RelayAccounts.Connect(nameof(RelayStorage), setting, null);
        return new RelayStorage(account.Tables, account.Queues);
    }

    private static TransportStorage OpenTransport(Func<string, string?> setting)
    {
        AzureStorageConnection account = RelayAccounts.Connect(nameof(TransportStorage), setting, null);
        return new TransportStorage(account.Tables, account.Queues);
    }
}
