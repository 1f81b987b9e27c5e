namespace Relay.Shared.Transport.Integrity.Standing;

/// <summary>How much a business may send, and why; no count and no user in it.</summary>
public sealed record BusinessStanding
{
    public required MessagingTier Tier { get; init; }

    /// <summary>When it came to its tier.</summary>
    public required DateTimeOffset TierSince { get; init; }

    public QualityRating Quality { get; init; }

    /// <summary>Since when quality has been red without a break.</summary>
    public DateTimeOffset? RedSince { get; init; }

    /// <summary>When half of the limit was first used, if within seven days.</summary>
    public DateTimeOffset? HalfUsedAt { get; init; }

    /// <summary>An operator has stopped it: nothing that it begins is taken.</summary>
    public bool IsRestricted { get; init; }

    /// <summary>An operator has set the tier: no rule changes it.</summary>
    public bool IsTierFixed { get; init; }

    /// <summary>When the last change of an operator's was signed: one that was signed before is a repeat or has come late.</summary>
    public DateTimeOffset? SetAt { get; init; }
}
