using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Administration;

/// <summary>Who calls the admin API, and what that lets them do. A business that a caller has no role for is unknown to them.</summary>
public sealed class AdminCaller(string name, IReadOnlyList<AdminRight> rights)
{
    /// <summary>Who has the admin token.</summary>
    public static readonly AdminCaller Operator = new("admin", [new AdminRight(AdminRoles.Admin, null)]);

    /// <summary>As the audit names them: <c>admin</c>, <c>person:</c> and an object id, or <c>key:</c> and a key's id.</summary>
    public string Name { get; } = name;

    /// <summary>All that the caller is for a business.</summary>
    public AdminRoles On(BusinessId business) => Sum(right => right.Business is null || right.Business == business);

    /// <summary>All that the caller is for every business.</summary>
    public AdminRoles OnAll => Sum(right => right.Business is null);

    /// <summary>The businesses that the caller has a role for; null for all.</summary>
    public IReadOnlyCollection<BusinessId>? Businesses =>
        OnAll == AdminRoles.None ? [.. rights.Select(right => right.Business).OfType<BusinessId>().Distinct()] : null;

    /// <summary>Null when the caller may do that.</summary>
    public GraphError? Refuses(AdminOperation operation, BusinessId? business)
    {
        AdminRoles has = operation.Reach switch
        {
            AdminReach.Business => business is { } one ? On(one) : AdminRoles.None,
            AdminReach.All => OnAll,
            _ => Sum(_ => true),
        };
        return (has & operation.Roles) != AdminRoles.None
            ? null
            : (operation.Reach == AdminReach.Business && has == AdminRoles.None) || (operation.Reach == AdminReach.All && business is { } named && On(named) == AdminRoles.None)
                ? Administer.UnknownBusiness
                : GraphErrorCode.NoPermission.Because($"This needs one of the roles {Names(operation.Roles)}{(operation.Reach == AdminReach.All ? " for all businesses" : string.Empty)}.");
    }

    public override string ToString() => Name;

    private static string Names(AdminRoles roles) => string.Join(", ", RoleNames.Of(roles));

    private AdminRoles Sum(Func<AdminRight, bool> counts) =>
        rights.Where(counts).Aggregate(AdminRoles.None, (all, right) => all | right.Role);
}
