namespace Relay.Shared.Accounts;

/// <summary>What is said of an access token; nothing that could stand for it.</summary>
public sealed record TokenFacts
{
    /// <summary>Its public name: 16 hex digits.</summary>
    public required string Id { get; init; }

    public required AccessScopes Scopes { get; init; }

    /// <summary>Null for never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Null where an older version issued it.</summary>
    public DateTimeOffset? Created { get; init; }

    public DateTimeOffset? Revoked { get; init; }

    /// <summary>Whose it is; null for the system user that every business has.</summary>
    public string? SystemUser { get; init; }

    internal string ETag { get; init; } = string.Empty;

    /// <summary>When it ended; null for one that is good.</summary>
    internal DateTimeOffset? EndedAt(DateTimeOffset now) => Revoked ?? (Expires <= now ? Expires : null);
}
