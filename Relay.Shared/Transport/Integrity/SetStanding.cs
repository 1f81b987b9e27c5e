using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Integrity;

/// <summary>
/// Restricts a business, lets it go again, or sets its tier; the caller has proved to be the operator. A change that was signed no later than the last one is refused: whoever
/// overheard one can undo nothing with it. Instances notice within <see cref="StandingStore.CacheLife"/>.
/// </summary>
public sealed class SetStanding(StandingStore standings, ShowSignals show, TimeProvider time)
{
    public async Task<TransportResult<SignalsResponse>> ExecuteAsync(SetStandingRequest request, DateTimeOffset signed, CancellationToken cancellationToken)
    {
        if (!BusinessLabel.IsOne(request.Business))
        {
            return TransportFailures.NotABusiness;
        }

        MessagingTier? tier = null;
        if (request.Tier is { } name)
        {
            if (!MessagingTiers.TryParse(name, out MessagingTier asked))
            {
                return TransportFailures.BadRequest("'tier' is none of TIER_250, TIER_2K, TIER_10K, TIER_100K, TIER_UNLIMITED.");
            }

            tier = asked;
        }

        if (tier is null && request.Restricted is null && request.TierFixed is null)
        {
            return TransportFailures.BadRequest("There is none of 'restricted', 'tier', 'tierFixed'.");
        }

        DateTimeOffset now = time.GetUtcNow();
        bool isNewest = false;
        await standings.ChangeAsync(
            request.Business,
            before =>
            {
                isNewest = !(before.SetAt >= signed);
                return isNewest ? Change(before, request, tier, signed, now) : before;
            },
            cancellationToken);
        return isNewest ? await show.ExecuteAsync(new ShowSignalsRequest(request.Business), cancellationToken) : TransportFailures.StandingOvertaken;
    }

    private static BusinessStanding Change(BusinessStanding before, SetStandingRequest request, MessagingTier? tier, DateTimeOffset signed, DateTimeOffset now)
    {
        BusinessStanding after = before with
        {
            IsRestricted = request.Restricted ?? before.IsRestricted,
            IsTierFixed = request.TierFixed ?? (tier is not null || before.IsTierFixed),
            SetAt = signed,
        };
        return tier is { } to && to != before.Tier ? after with { Tier = to, TierSince = now, HalfUsedAt = null } : after;
    }
}
