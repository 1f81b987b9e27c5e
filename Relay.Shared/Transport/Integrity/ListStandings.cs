using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Integrity;

/// <summary>Tells the operator how businesses stand of which anything was counted lately, or that somebody gave a standing; by their labels. Changes nothing.</summary>
public sealed class ListStandings(StandingStore standings)
{
    internal const int MaxLimit = 100;

    public async Task<TransportResult<ListStandingsResponse>> ExecuteAsync(ListStandingsRequest request, CancellationToken cancellationToken)
    {
        if (request.Limit is < 1 or > MaxLimit)
        {
            return TransportFailures.BadRequest($"'limit' is not a number from 1 to {MaxLimit}.");
        }

        if (request.After is { } after && !ShowSignals.IsLabel(after))
        {
            return TransportFailures.BadRequest("'after' is none that a page gave.");
        }

        List<ListedStanding> found = [];
        await foreach (string business in standings.ListedAsync(request.After, cancellationToken))
        {
            if (found.Count == request.Limit)
            {
                return new ListStandingsResponse(found) { Next = found[^1].Business };
            }

            found.Add(ToItem(business, await standings.FindAsync(business, cancellationToken)));
        }

        return new ListStandingsResponse(found);
    }

    private static ListedStanding ToItem(string business, BusinessStanding standing) =>
        new(business, standing.Tier.Name(), standing.IsTierFixed, standing.Quality.Name(), standing.IsRestricted)
        {
            RedSince = standing.RedSince?.ToUnixTimeSeconds(),
            HalfUsedAt = standing.HalfUsedAt?.ToUnixTimeSeconds(),
            SetAt = standing.SetAt?.ToUnixTimeSeconds(),
        };
}
