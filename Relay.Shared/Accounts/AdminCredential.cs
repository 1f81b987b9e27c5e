using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts;

/// <summary>The admin API's own credential (design.md §7); null where it is switched off.</summary>
public sealed class AdminCredential(Secret? token)
{
    /// <summary>Compares in constant time.</summary>
    public bool Admits(Secret? candidate) => token is not null && candidate is not null && token.Matches(candidate.Reveal());
}
