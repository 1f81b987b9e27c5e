namespace Relay.Shared.Accounts;

/// <summary>Scopes as Meta names its permissions.</summary>
internal static class ScopeNames
{
    private const string Messaging = "whatsapp_business_messaging";
    private const string Management = "whatsapp_business_management";

    internal const string All = $"{Messaging} and {Management}";

    internal static string[] Of(AccessScopes scopes) =>
    [
        .. scopes.HasFlag(AccessScopes.Messaging) ? [Messaging] : Array.Empty<string>(),
        .. scopes.HasFlag(AccessScopes.Management) ? [Management] : Array.Empty<string>(),
    ];

    /// <summary>Null when one of them is none.</summary>
    internal static AccessScopes? Parse(IReadOnlyList<string> names)
    {
        AccessScopes scopes = AccessScopes.None;
        foreach (string name in names)
        {
            switch (name)
            {
                case Messaging:
                    scopes |= AccessScopes.Messaging;
                    break;
                case Management:
                    scopes |= AccessScopes.Management;
                    break;
                default:
                    return null;
            }
        }

        return scopes;
    }
}
