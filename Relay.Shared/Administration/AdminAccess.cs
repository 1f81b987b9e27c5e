using Relay.Shared.Administration.Entra;

namespace Relay.Shared.Administration;

/// <summary>What the operator has set of the ways into the admin API.</summary>
/// <param name="IsAdminTokenDisabled">Whether the admin token opens nothing.</param>
/// <param name="Entra">The directory whose people are let in; null for none.</param>
public sealed record AdminAccess(bool IsAdminTokenDisabled, EntraDirectory? Entra)
{
    internal Guid? Tenant => Entra?.Tenant;
}
