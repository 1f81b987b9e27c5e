using Relay.Shared.Primitives;

namespace Relay.Shared.Accounts;

/// <summary>The admin API's own credential (design.md §7).</summary>
public sealed class AdminCredential(Secret token)
{
    /// <summary>Compares in constant time.</summary>
    public bool Admits(Secret? candidate) => candidate is not null && token.Matches(candidate.Reveal());
}
