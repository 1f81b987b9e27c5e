using Relay.Shared.Hosting;

namespace Relay.Functions;

/// <summary>
/// Which role's app runs a function: <c>Transport…</c> the transport's, <c>Admin…</c> the manager's, anything else the relay's; health and unknown paths
/// every app's.
/// </summary>
public static class FunctionRoles
{
    public static IReadOnlyList<string> Everywhere { get; } = ["Health", "zzUnknownPath"];

    public static RelayRole Of(string function) =>
        function.StartsWith("Transport", StringComparison.Ordinal) ? RelayRole.Transport
        : function.StartsWith("Admin", StringComparison.Ordinal) ? RelayRole.Manager
        : RelayRole.Relay;

    public static bool Has(this RelayRole role, string function) => role == RelayRole.All || Everywhere.Contains(function) || Of(function) == role;
}
