using System.Globalization;
using Relay.Shared.Administration.Entra;
using Relay.Shared.Limits;
using Relay.Shared.Primitives;
using Relay.Shared.RoleCalls;
using Relay.Shared.Transport.Integrity;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Stamps;

namespace Relay.Shared.Hosting;

/// <summary>
/// Reads the roles' options from settings named <c>Relay__…</c> and <c>Transport__…</c> (environment variables, application settings,
/// local.settings.json). A missing or malformed one stops the start with its name, never with its value.
/// </summary>
public static class RelaySettings
{
    /// <summary><c>relay</c>, <c>transport</c> or <c>manager</c>: what this process is. Absent, it is all of them.</summary>
    public const string Role = "Relay__Role";

    public const string Region = "Relay__Region";
    public const string Era = "Relay__Era";
    public const string PublicBaseUrl = "Relay__PublicBaseUrl";
    public const string TransportBaseUrl = "Relay__TransportBaseUrl";

    /// <summary>What the admin API is called with; the manager's only.</summary>
    public const string AdminToken = "Relay__AdminToken";

    /// <summary><c>true</c> switches the admin token off: people alone use the admin API.</summary>
    public const string AdminTokenDisabled = "Manager__AdminTokenDisabled";

    /// <summary>The Entra tenant whose people may be let in, and their tokens' audience: the application id of the manager's app registration. Neither, or both.</summary>
    public const string EntraTenantId = "Manager__EntraTenantId";

    public const string EntraAudience = "Manager__EntraAudience";

    /// <summary>Where Entra is, https; the public cloud's when absent.</summary>
    public const string EntraAuthority = "Manager__EntraAuthority";

    /// <summary>Where QR codes of business numbers lead; below <see cref="PublicBaseUrl"/> when absent.</summary>
    public const string DeepLinkBaseUrl = "Relay__DeepLinkBaseUrl";

    /// <summary>Regions that other stamps serve: <c>CH=https://…;DE=https://…</c>, the addresses of their Cloud API.</summary>
    public const string Stamps = "Relay__Stamps";

    /// <summary>The same with the addresses of their managers; the manager's only.</summary>
    public const string ManagerStamps = "Manager__Stamps";

    /// <summary>What managers of stamps share; the manager's only, and only where there are other stamps.</summary>
    public const string StampKey = "Manager__StampKey";

    /// <summary><c>enforce</c> (when absent) or <c>off</c>: whether a user who did not write within 24 hours gets templates alone.</summary>
    public const string ServiceWindow = "Relay__ServiceWindow";

    public const string AllowLoopbackWebhooks = "Relay__AllowLoopbackWebhooks";

    /// <summary>Limits (<see cref="RelayLimits"/>): whole numbers, 0 lifts; the Cloud API's figures when absent.</summary>
    public const string MessagesPerSecond = "Relay__MessagesPerSecond";
    public const string MessagesPerSecondHigh = "Relay__MessagesPerSecondHigh";
    public const string PairSeconds = "Relay__PairSeconds";
    public const string PairBurst = "Relay__PairBurst";
    public const string BacklogSoft = "Relay__BacklogSoft";
    public const string BacklogHard = "Relay__BacklogHard";

    /// <summary><c>true</c> creates tables and queues at start: local runs only.</summary>
    public const string CreateStorage = "Relay__CreateStorage";

    /// <summary>The connection to the relay's key vault: <c>RelayVault__vaultUri</c>, <c>RelayVault__credential</c>, <c>RelayVault__clientId</c>.</summary>
    public const string Vault = "RelayVault";

    /// <summary>The same for the transport's, which is another one.</summary>
    public const string TransportVault = "TransportVault";

    /// <summary>The file of development keys of the relay; stands in for Key Vault.</summary>
    public const string LocalKeyFile = "Relay__LocalKeyFile";

    /// <summary>The same for the transport.</summary>
    public const string TransportLocalKeyFile = "Transport__LocalKeyFile";

    /// <summary>Shared by relay, manager and transport: registers business numbers, and opens nothing else.</summary>
    public const string RegistrationKey = "Transport__RegistrationKey";

    /// <summary>Shared by manager and transport: opens the transport's <c>operator/</c>.</summary>
    public const string OperatorKey = "Transport__OperatorKey";

    public const string CodeDirectory = "Transport__CodeDirectory";

    /// <summary>The messaging tier of a new business, <c>TIER_250</c> to <c>TIER_UNLIMITED</c>; <c>TIER_250</c> when absent.</summary>
    public const string FirstTier = "Transport__FirstTier";

    /// <summary>How many messages a minute a user's device may send, and how many bundles it may take; 0 for as many as it likes (<see cref="DeviceLimits"/>).</summary>
    public const string DeviceMessagesPerMinute = "Transport__DeviceMessagesPerMinute";
    public const string DeviceBundlesPerMinute = "Transport__DeviceBundlesPerMinute";

    private const int MaxRate = 1_000_000;
    private const int MaxSeconds = 3_600;
    private const int MaxBacklog = 1_000_000_000;

    public static RelayOptions ReadRelay(Func<string, string?> setting) => new()
    {
        Region = Required(setting, Region),
        Era = int.TryParse(setting(Era) ?? "1", out int era) && era >= 1 ? era : throw Wrong(Era),
        PublicBaseUrl = Address(setting, PublicBaseUrl),
        TransportBaseUrl = Address(setting, TransportBaseUrl),
        RegistrationKey = new Secret(Required(setting, RegistrationKey)),
        AllowLoopbackWebhooks = bool.TryParse(setting(AllowLoopbackWebhooks) ?? "false", out bool allow) ? allow : throw Wrong(AllowLoopbackWebhooks),
        DeepLinkBaseUrl = setting(DeepLinkBaseUrl) is { Length: > 0 } ? Address(setting, DeepLinkBaseUrl) : null,
        Stamps = StampMap.TryParse(setting(Stamps)) ?? throw Wrong(Stamps),
        Limits = ReadLimits(setting, new RelayLimits()),
        EnforcesServiceWindow = ReadServiceWindow(setting, otherwise: true),
    };

    /// <summary>Whether the service window is enforced, and the given answer where nothing is set.</summary>
    public static bool ReadServiceWindow(Func<string, string?> setting, bool otherwise) => setting(ServiceWindow) switch
    {
        null or "" => otherwise,
        "enforce" => true,
        "off" => false,
        _ => throw Wrong(ServiceWindow),
    };

    /// <summary>The limits that are set, and the given ones where none is.</summary>
    public static RelayLimits ReadLimits(Func<string, string?> setting, RelayLimits otherwise)
    {
        RelayLimits limits = new()
        {
            MessagesPerSecond = Count(setting, MessagesPerSecond, otherwise.MessagesPerSecond, MaxRate),
            MessagesPerSecondHigh = Count(setting, MessagesPerSecondHigh, otherwise.MessagesPerSecondHigh, MaxRate),
            PairSeconds = Count(setting, PairSeconds, otherwise.PairSeconds, MaxSeconds),
            PairBurst = Count(setting, PairBurst, otherwise.PairBurst, MaxRate),
            BacklogSoft = Count(setting, BacklogSoft, otherwise.BacklogSoft, MaxBacklog),
            BacklogHard = Count(setting, BacklogHard, otherwise.BacklogHard, MaxBacklog),
        };
        return limits switch
        {
            { PairBurst: 0 } => throw Wrong(PairBurst),
            { BacklogSoft: > 0 } when limits.BacklogHard <= limits.BacklogSoft => throw Wrong(BacklogHard),
            _ => limits,
        };
    }

    public static ManagerOptions ReadManager(Func<string, string?> setting)
    {
        bool isDisabled = setting(AdminTokenDisabled) switch
        {
            null or "" => false,
            { } text when bool.TryParse(text, out bool value) => value,
            _ => throw Wrong(AdminTokenDisabled),
        };
        Secret operatorKey = new(Required(setting, OperatorKey));
        if (setting(RegistrationKey) is { Length: > 0 } registrationKey)
        {
            RefuseOneKeyForBoth(new Secret(registrationKey), operatorKey);
        }

        EntraDirectory? entra = ReadEntra(setting);
        StampMap stamps = StampMap.TryParse(setting(ManagerStamps)) ?? throw Wrong(ManagerStamps);
        return isDisabled && entra is null
            ? throw new InvalidOperationException($"The setting {AdminTokenDisabled} needs {EntraTenantId} and {EntraAudience}.")
            : new ManagerOptions
            {
                AdminToken = isDisabled ? null : new Secret(Required(setting, AdminToken)),
                OperatorKey = operatorKey,
                Entra = entra,
                Stamps = stamps,
                StampKey = stamps.IsEmpty ? null : new Secret(Required(setting, StampKey)),
            };
    }

    private static EntraDirectory? ReadEntra(Func<string, string?> setting)
    {
        (string? tenant, string? audience, string? authority) = (setting(EntraTenantId), setting(EntraAudience), setting(EntraAuthority));
        if (string.IsNullOrEmpty(tenant) && string.IsNullOrEmpty(audience))
        {
            return null;
        }

        return !Guid.TryParseExact(tenant, "D", out Guid id)
            ? throw Wrong(EntraTenantId)
            : string.IsNullOrEmpty(authority)
                ? new EntraDirectory(id, Required(setting, EntraAudience), EntraDirectory.PublicCloud)
                : Uri.TryCreate(authority, UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttps
                    ? new EntraDirectory(id, Required(setting, EntraAudience), address)
                    : throw Wrong(EntraAuthority);
    }

    public static TransportOptions ReadTransport(Func<string, string?> setting) => new()
    {
        RegistrationKey = new Secret(Required(setting, RegistrationKey)),
        OperatorKey = new Secret(Required(setting, OperatorKey)),
        CodeDirectory = setting(CodeDirectory),
        FirstTier = ReadFirstTier(setting, MessagingTier.Tier250),
        DeviceLimits = ReadDeviceLimits(setting, new DeviceLimits()),
    };

    /// <summary>The limits of devices that are set, and the given ones where none is.</summary>
    public static DeviceLimits ReadDeviceLimits(Func<string, string?> setting, DeviceLimits otherwise) => new()
    {
        MessagesPerMinute = Count(setting, DeviceMessagesPerMinute, otherwise.MessagesPerMinute, MaxRate),
        BundlesPerMinute = Count(setting, DeviceBundlesPerMinute, otherwise.BundlesPerMinute, MaxRate),
    };

    /// <summary>The tier that is set, and the given one where none is.</summary>
    public static MessagingTier ReadFirstTier(Func<string, string?> setting, MessagingTier otherwise) => setting(FirstTier) switch
    {
        null or "" => otherwise,
        { } name when MessagingTiers.TryParse(name, out MessagingTier tier) => tier,
        _ => throw Wrong(FirstTier),
    };

    /// <exception cref="InvalidOperationException">The setting is missing, or a reference to a secret that the platform could not follow: it then gives the reference itself, which anybody knows.</exception>
    public static string Required(Func<string, string?> setting, string name) => setting(name) switch
    {
        null or "" => throw new InvalidOperationException($"The setting {name} is missing."),
        { } text when text.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase) =>
            throw new InvalidOperationException($"The setting {name} refers to a secret that can't be read."),
        { } text => text,
    };

    /// <exception cref="InvalidOperationException">Who registers business numbers could lift restrictions, too.</exception>
    internal static void RefuseOneKeyForBoth(Secret registration, Secret operators)
    {
        if (new RoleKeys(registration).Shares(new RoleKeys(operators)))
        {
            throw new InvalidOperationException($"The settings {RegistrationKey} and {OperatorKey} hold the same key. Choose another: the relay has the first and must not have the second.");
        }
    }

    private static int Count(Func<string, string?> setting, string name, int otherwise, int max) => setting(name) switch
    {
        null or "" => otherwise,
        { } text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value <= max => value,
        _ => throw Wrong(name),
    };

    private static Uri Address(Func<string, string?> setting, string name) =>
        Uri.TryCreate(Required(setting, name), UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" ? uri : throw Wrong(name);

    private static InvalidOperationException Wrong(string name) => new($"The setting {name} is malformed.");
}
