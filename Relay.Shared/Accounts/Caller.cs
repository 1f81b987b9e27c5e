using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts;

/// <summary>Who calls the Graph-shaped API.</summary>
/// <param name="Business">The tenant that its access token belongs to.</param>
/// <param name="Scopes">What the token may do.</param>
/// <param name="TokenId">The token's public name.</param>
public sealed record Caller(BusinessId Business, AccessScopes Scopes, string TokenId)
{
    /// <summary>Null when the token has a permission.</summary>
    internal GraphError? Lacks(AccessScopes permission) => Scopes.HasFlag(permission)
        ? null
        : GraphErrorCode.NoPermission.Because($"The access token lacks the permission {(permission == AccessScopes.Messaging ? "whatsapp_business_messaging" : "whatsapp_business_management")}.");
}

/// <summary>What an access token may do; named as Meta's permissions.</summary>
[Flags]
public enum AccessScopes
{
    None = 0,

    /// <summary><c>whatsapp_business_messaging</c>: send messages, mark as read, media.</summary>
    Messaging = 1,

    /// <summary><c>whatsapp_business_management</c>: settings, numbers, templates.</summary>
    Management = 2,
}
