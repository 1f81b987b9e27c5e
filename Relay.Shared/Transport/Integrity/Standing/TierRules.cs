namespace Relay.Shared.Transport.Integrity.Standing;

/// <summary>
/// Raises and lowers tiers by rule (spec/integrity.md §4.1, §4.4), one step at a time: up six hours after half of the limit was used within seven days, while quality is
/// not red; down after seven days of red, and again after seven more.
/// </summary>
public static class TierRules
{
    public static readonly TimeSpan RaiseAfter = TimeSpan.FromHours(6);
    public static readonly TimeSpan UseCounts = TimeSpan.FromDays(7);
    public static readonly TimeSpan LowerAfter = TimeSpan.FromDays(7);

    /// <summary>Whether so many users in 24 hours are use enough to raise a tier.</summary>
    public static bool IsHalfUsed(MessagingTier tier, long messaged) => tier.Limit() is { } limit && messaged >= (limit + 1) / 2;

    /// <summary>The tier from now on.</summary>
    public static MessagingTier Next(BusinessStanding state, DateTimeOffset now)
    {
        if (state.Quality == QualityRating.Red)
        {
            DateTimeOffset since = state.RedSince is { } red && red > state.TierSince ? red : state.TierSince;
            return state.RedSince is not null && now - since >= LowerAfter ? state.Tier.Below() : state.Tier;
        }

        return state.HalfUsedAt is { } used && used >= state.TierSince && now - used >= RaiseAfter && now - used < UseCounts
            ? state.Tier.Above()
            : state.Tier;
    }
}
