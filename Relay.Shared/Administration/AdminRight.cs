using Relay.Shared.Primitives;

namespace Relay.Shared.Administration;

/// <summary>A role, for one business or for all.</summary>
/// <param name="Role">One role.</param>
/// <param name="Business">The business; null for all.</param>
public sealed record AdminRight(AdminRoles Role, BusinessId? Business);
