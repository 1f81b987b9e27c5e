namespace Relay.LocalHost.Split;

/// <summary>Where each role is reached.</summary>
public sealed record RoleAddresses(Uri Relay, Uri Transport, Uri Manager)
{
    /// <summary>All roles in one process.</summary>
    public static RoleAddresses Of(Uri one) => new(one, one, one);
}
