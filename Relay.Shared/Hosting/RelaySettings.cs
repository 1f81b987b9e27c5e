using Relay.Shared.Primitives;

namespace Relay.Shared.Hosting;

/// <summary>
/// Reads the roles' options from settings named <c>Relay__…</c> and <c>Transport__…</c> (environment variables, application settings,
/// local.settings.json). A missing or malformed one stops the start with its name, never with its value.
/// </summary>
public static class RelaySettings
{
    public const string Region = "Relay__Region";
    public const string Era = "Relay__Era";
    public const string PublicBaseUrl = "Relay__PublicBaseUrl";
    public const string TransportBaseUrl = "Relay__TransportBaseUrl";
    public const string AdminToken = "Relay__AdminToken";
    public const string AllowLoopbackWebhooks = "Relay__AllowLoopbackWebhooks";

    /// <summary><c>true</c> creates tables and queues at start: local runs only.</summary>
    public const string CreateStorage = "Relay__CreateStorage";

    /// <summary>The file of development keys of the relay; stands in for Key Vault.</summary>
    public const string LocalKeyFile = "Relay__LocalKeyFile";

    /// <summary>The same for the transport.</summary>
    public const string TransportLocalKeyFile = "Transport__LocalKeyFile";

    /// <summary>Shared by relay and transport: lets the relay register business numbers.</summary>
    public const string OperatorKey = "Transport__OperatorKey";

    public const string CodeDirectory = "Transport__CodeDirectory";

    public static RelayOptions ReadRelay(Func<string, string?> setting) => new()
    {
        Region = Required(setting, Region),
        Era = int.TryParse(setting(Era) ?? "1", out int era) && era >= 1 ? era : throw Wrong(Era),
        PublicBaseUrl = Address(setting, PublicBaseUrl),
        TransportBaseUrl = Address(setting, TransportBaseUrl),
        TransportOperatorKey = new Secret(Required(setting, OperatorKey)),
        AdminToken = new Secret(Required(setting, AdminToken)),
        AllowLoopbackWebhooks = bool.TryParse(setting(AllowLoopbackWebhooks) ?? "false", out bool allow) ? allow : throw Wrong(AllowLoopbackWebhooks),
    };

    public static TransportOptions ReadTransport(Func<string, string?> setting) => new()
    {
        OperatorKey = new Secret(Required(setting, OperatorKey)),
        CodeDirectory = setting(CodeDirectory),
    };

    /// <exception cref="InvalidOperationException">The setting is missing.</exception>
    public static string Required(Func<string, string?> setting, string name) =>
        setting(name) is { Length: > 0 } value ? value : throw new InvalidOperationException($"The setting {name} is missing.");

    private static Uri Address(Func<string, string?> setting, string name) =>
        Uri.TryCreate(Required(setting, name), UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" ? uri : throw Wrong(name);

    private static InvalidOperationException Wrong(string name) => new($"The setting {name} is malformed.");
}
