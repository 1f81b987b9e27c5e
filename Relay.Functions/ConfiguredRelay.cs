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
            provider.GetRequiredService<RelayStorage>(), Wrapper(setting, RelaySettings.Vault, RelaySettings.LocalKeyFile, provider), provider.GetRequiredService<TimeProvider>(), relay.Region));
        services.AddSingleton(provider => RelayAccounts.OpenKeys(
            provider.GetRequiredService<TransportStorage>(), Wrapper(setting, RelaySettings.TransportVault, RelaySettings.TransportLocalKeyFile, provider), provider.GetRequiredService<TimeProvider>(), relay.Region));
        return services
            .AddRelay(relay)
            .AddTransport(RelaySettings.ReadTransport(setting))
            .AddTelemetryExport(setting)
            .AddRelayFunctions()
            .AddTransportFunctions();
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
