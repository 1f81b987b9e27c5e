using Relay.Shared.Primitives;

namespace Relay.Shared.Administration.People;

/// <summary>Rights as a column holds them: <c>ADMIN *,BILLING 1234</c>.</summary>
internal static class RightsText
{
    private const string All = "*";

    internal static string Write(IReadOnlyList<AdminRight> rights) => string.Join(',', rights.Select(right => $"{RoleNames.Of(right)} {right.Business?.Value ?? All}"));

    /// <summary>What is no right, such as a role of a newer version, gives none.</summary>
    internal static IReadOnlyList<AdminRight> Read(string text)
    {
        List<AdminRight> rights = [];
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split(' ') is [var role, var place] && RoleNames.Parse(role) is not AdminRoles.None and var parsed)
            {
                if (place == All)
                {
                    rights.Add(new AdminRight(parsed, null));
                }
                else if (BusinessId.TryParse(place, out BusinessId business))
                {
                    rights.Add(new AdminRight(parsed, business));
                }
            }
        }

        return rights;
    }
}
