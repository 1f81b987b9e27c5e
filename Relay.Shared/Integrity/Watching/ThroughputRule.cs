using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Integrity.Watching;

/// <summary>
/// When a number comes to throughput level <c>HIGH</c> by itself, as at the Cloud API (spec/reliability.md §1): its business may message without limit, has messaged 100,000
/// users within 24 hours, and their rating is at least medium. Nothing lowers it again but an operator.
/// </summary>
internal static class ThroughputRule
{
    internal const long Users = 100_000;

    internal static bool IsEarned(StandingResponse standing) =>
        standing.Tier == MessagingTier.Unlimited.Name()
        && standing.Messaged >= Users
        && (standing.Quality == QualityRating.Green.Name() || standing.Quality == QualityRating.Yellow.Name());
}
