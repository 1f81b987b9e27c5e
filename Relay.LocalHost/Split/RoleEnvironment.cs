using System.Globalization;
using Relay.Shared.Hosting;
using Relay.Shared.Storage;
using Relay.Shared.Transport.Integrity.Standing;

namespace Relay.LocalHost.Split;

/// <summary>The settings of one role's process: its own storage, its own keys, and nobody else's, whatever the process that starts it has.</summary>
internal static class RoleEnvironment
{
    /// <summary>What begins so is a setting of Relay's, and none that is not written here reaches a role.</summary>
    private static readonly string[] s_ours =
        ["Relay__", "Transport__", "Manager__", nameof(RelayStorage), nameof(TransportStorage), nameof(ManagerStorage), RelaySettings.Vault, RelaySettings.TransportVault];

    public static void Apply(IDictionary<string, string?> environment, RelayRole role, SplitOptions options)
    {
        foreach (string name in environment.Keys.Where(name => s_ours.Any(ours => name.StartsWith(ours, StringComparison.OrdinalIgnoreCase))).ToList())
        {
            environment.Remove(name);
        }

        foreach ((string name, string value) in Of(role, options))
        {
            environment[name] = value;
        }
    }

    internal static IReadOnlyDictionary<string, string> Of(RelayRole role, SplitOptions options)
    {
        Dictionary<string, string> settings = new()
        {
            [RelaySettings.Role] = role.Name(),
            [RelaySettings.Region] = LocalRelay.Region,
            [RelaySettings.CreateStorage] = bool.TrueString,
            [RelaySettings.RegistrationKey] = options.RegistrationKey.Reveal(),
        };
        if (role != RelayRole.Relay)
        {
            settings[RelaySettings.OperatorKey] = options.OperatorKey.Reveal();
        }

        if (role == RelayRole.Transport)
        {
            settings[nameof(TransportStorage)] = options.TransportStorage.Reveal();
            settings[RelaySettings.TransportLocalKeyFile] = Path.Combine(options.Data, DataNames.TransportKeys);
            settings[RelaySettings.FirstTier] = options.FirstTier.Name();
            settings[RelaySettings.DeviceMessagesPerMinute] = options.DeviceLimits.MessagesPerMinute.ToString(CultureInfo.InvariantCulture);
            settings[RelaySettings.DeviceBundlesPerMinute] = options.DeviceLimits.BundlesPerMinute.ToString(CultureInfo.InvariantCulture);
            settings[RelaySettings.CodeDirectory] = Path.Combine(options.Data, DataNames.Codes);
            return settings;
        }

        settings[nameof(RelayStorage)] = options.RelayStorage.Reveal();
        settings[RelaySettings.LocalKeyFile] = Path.Combine(options.Data, DataNames.RelayKeys);
        settings[RelaySettings.PublicBaseUrl] = options.Address(RelayRole.Relay).AbsoluteUri;
        settings[RelaySettings.TransportBaseUrl] = (options.TransportBaseUrl ?? options.Address(RelayRole.Transport)).AbsoluteUri;
        settings[RelaySettings.AllowLoopbackWebhooks] = bool.TrueString;
        settings[RelaySettings.ServiceWindow] = "off";
        foreach ((string name, string value) in options.RelaySettings)
        {
            settings[name] = value;
        }

        if (role == RelayRole.Manager)
        {
            settings[nameof(ManagerStorage)] = options.ManagerStorage.Reveal();
            settings[RelaySettings.AdminToken] = options.AdminToken.Reveal();
        }

        return settings;
    }
}

/// <summary>What lies in a data folder, by name.</summary>
internal static class DataNames
{
    internal const string RelayKeys = "relay.keys.json";
    internal const string TransportKeys = "transport.keys.json";
    internal const string Codes = "codes";
}
