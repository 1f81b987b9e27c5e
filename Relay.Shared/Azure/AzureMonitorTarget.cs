namespace Relay.Shared.Azure;

/// <summary>Where Azure Monitor takes telemetry, and who sends it: always an identity of Azure's, never whoever knows the connection string.</summary>
public sealed class AzureMonitorTarget
{
    public const string ConnectionSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary><c>Authorization=AAD</c>, and for a user-assigned identity <c>ClientId=…</c> before it: the Functions host reads the same.</summary>
    public const string AuthenticationSetting = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    private AzureMonitorTarget(string connectionString, AzureIdentity identity) => (ConnectionString, Identity) = (connectionString, identity);

    public string ConnectionString { get; }

    public AzureIdentity Identity { get; }

    /// <returns>Null when no telemetry is to go there.</returns>
    /// <exception cref="InvalidOperationException">Nobody is named who may send it.</exception>
    public static AzureMonitorTarget? Read(Func<string, string?> setting)
    {
        if (setting(ConnectionSetting) is not { Length: > 0 } connection)
        {
            return null;
        }

        Dictionary<string, string> parts = (setting(AuthenticationSetting) ?? string.Empty)
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2, StringSplitOptions.TrimEntries))
            .Where(part => part.Length == 2)
            .GroupBy(part => part[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(part => part.Key, part => part.First()[1], StringComparer.OrdinalIgnoreCase);
        return parts.GetValueOrDefault("Authorization") is "AAD"
            ? new AzureMonitorTarget(connection, new AzureIdentity(UsesManagedIdentity: true, parts.GetValueOrDefault("ClientId")))
            : throw new InvalidOperationException($"{ConnectionSetting} is set: {AuthenticationSetting} must be 'Authorization=AAD', with 'ClientId=…;' before it for a user-assigned identity.");
    }
}
