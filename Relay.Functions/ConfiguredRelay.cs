using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Relay.Functions.Telemetry;
using Relay.Shared.Azure;
using Relay.Shared.Azure.KeyVault;
using Relay.Shared.Hosting;
using Relay.Shared.Sealing;
using Relay.Shared.Storage;

namespace Relay.Functions;

/// <summary>
/// The roles of this process from settings: storage accounts, keys, operations and functions. A transport composes nothing of the relay, the relay
/// nothing of the transport and of the manager; the manager works on the relay's businesses, with the few rights it needs, and has an account of its own besides. Which of its functions an
/// app runs is the platform's <c>AzureWebJobs.&lt;Function&gt;.Disabled</c>.
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
        RelayRole role = RelayRoles.Find(setting(RelaySettings.Role))
            ?? throw new InvalidOperationException($"The setting {RelaySettings.Role} must be relay, transport or manager.");
        if (bool.TryParse(setting(RelaySettings.CreateStorage), out bool create) && create)
        {
            services.AddHostedService<StorageCreation>();
        }

        if (role != RelayRole.Transport)
        {
            AddRelayRole(services, setting, isManagers: role == RelayRole.Manager);
        }

        if (role is RelayRole.All or RelayRole.Transport)
        {
            AddTransportRole(services, setting);
        }

        if (role is RelayRole.All or RelayRole.Manager)
        {
            services.AddSingleton(_ => new ManagerStorage(RelayAccounts.Connect(nameof(ManagerStorage), setting, null).Tables));
            services.AddManager(RelaySettings.ReadManager(setting)).AddManagerFunctions();
        }

        return services.AddTelemetryExport(setting);
    }

    private static void AddRelayRole(IServiceCollection services, Func<string, string?> setting, bool isManagers)
    {
        RelayOptions options = RelaySettings.ReadRelay(setting);
        services.AddSingleton(_ => isManagers ? OpenRelay(setting).ForManager() : OpenRelay(setting));
        services.AddSingleton(provider => RelayAccounts.OpenKeys(
            provider.GetRequiredService<RelayStorage>(), Wrapper(setting, RelaySettings.Vault, RelaySettings.LocalKeyFile, provider), provider.GetRequiredService<TimeProvider>(), options.Region));
        services.AddRelay(options);
        if (!isManagers)
        {
            services.AddRelayFunctions();
        }
    }

    private static void AddTransportRole(IServiceCollection services, Func<string, string?> setting)
    {
        string region = RelaySettings.Required(setting, RelaySettings.Region);
        services.AddSingleton(_ => OpenTransport(setting));
        services.AddSingleton(provider => RelayAccounts.OpenKeys(
            provider.GetRequiredService<TransportStorage>(), Wrapper(setting, RelaySettings.TransportVault, RelaySettings.TransportLocalKeyFile, provider), provider.GetRequiredService<TimeProvider>(), region));
        services.AddTransport(RelaySettings.ReadTransport(setting)).AddTransportFunctions();
    }

    /// <summary>Key Vault where one is named, otherwise the development key file. Both is a mistake: nobody could say which keys rule.</summary>
    private static IKeyWrapper Wrapper(Func<string, string?> setting, string vault, string file, IServiceProvider provider)
    {
        if (KeyVaultSettings.Read(vault, setting) is not { } settings)
        {
            return new LocalKeyWrapper(LocalKeyFile.Open(RelaySettings.Required(setting, file)));
        }

        return setting(file) is { Length: > 0 }
            ? throw new InvalidOperationException($"{vault}__vaultUri and {file} are both set: the keys are in the one or in the other.")
            : RelayAccounts.OpenVault(settings, provider.GetRequiredService<TimeProvider>());
    }

    private static RelayStorage OpenRelay(Func<string, string?> setting)
    {
        AzureStorageConnection account = RelayAccounts.Connect(nameof(RelayStorage), setting, null);
        return new RelayStorage(account.Tables, account.Queues, account.Blobs);
    }

    private static TransportStorage OpenTransport(Func<string, string?> setting)
    {
        AzureStorageConnection account = RelayAccounts.Connect(nameof(TransportStorage), setting, null);
        return new TransportStorage(account.Tables, account.Queues, account.Blobs);
    }
}
