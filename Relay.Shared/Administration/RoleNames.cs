namespace Relay.Shared.Administration;

/// <summary>The roles as they are written: <c>ADMIN</c>, <c>DEVELOPER</c>, <c>ANALYST</c>, <c>BILLING</c>.</summary>
internal static class RoleNames
{
    private static readonly (AdminRoles Role, string Name)[] s_names =
        [(AdminRoles.Admin, "ADMIN"), (AdminRoles.Developer, "DEVELOPER"), (AdminRoles.Analyst, "ANALYST"), (AdminRoles.Billing, "BILLING")];

    internal static string All { get; } = string.Join(", ", s_names.Select(one => one.Name));

    internal static IEnumerable<string> Of(AdminRoles roles) => s_names.Where(one => roles.HasFlag(one.Role)).Select(one => one.Name);

    internal static string Of(AdminRight right) => Of(right.Role).Single();

    /// <summary><see cref="AdminRoles.None"/> for what is none.</summary>
    internal static AdminRoles Parse(string? name) => s_names.FirstOrDefault(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Role;
}
