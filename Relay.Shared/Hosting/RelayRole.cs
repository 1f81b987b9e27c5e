namespace Relay.Shared.Hosting;

/// <summary>What a process is: one of the three roles, or all of them.</summary>
public enum RelayRole
{
    All,
    Relay,
    Transport,
    Manager,
}

/// <summary>Roles as settings name them.</summary>
public static class RelayRoles
{
    /// <summary>The name in <see cref="RelaySettings.Role"/>.</summary>
    public static string Name(this RelayRole role) => role.ToString().ToLowerInvariant();

    /// <summary>The role of that name; null for a name that is none.</summary>
    public static RelayRole? Find(string? name) => name switch
    {
        null or "" => RelayRole.All,
        "relay" => RelayRole.Relay,
        "transport" => RelayRole.Transport,
        "manager" => RelayRole.Manager,
        _ => null,
    };
}
