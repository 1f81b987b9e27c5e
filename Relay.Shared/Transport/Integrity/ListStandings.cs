using Microsoft.Extensions.Logging;
using Relay.Shared.Primitives;
using Relay.Shared.Transport.Integrity.Reports;
using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Integrity;

/// <summary>Tells the operator how businesses stand of which anything was counted lately, or that somebody gave a standing; by their labels. Changes nothing.</summary>
public sealed partial class ListStandings(ListedBusinesses listed, StandingStore standings, ReportInbox inbox, ILogger<ListStandings> logger)
{
    internal const int MaxLimit = 100;

    /// <summary>Entries looked at for a page.</summary>
    private const int MaxRead = 200;

    public async Task<TransportResult<ListStandingsResponse>> ExecuteAsync(ListStandingsRequest request, CancellationToken cancellationToken)
    {
        if (request.Limit is < 1 or > MaxLimit)
        {
            return TransportFailures.BadRequest($"'limit' is not a number from 1 to {MaxLimit}.");
        }

        if (request.After is { } after && !BusinessLabel.IsOne(after))
        {
            return TransportFailures.BadRequest("'after' is none that a page gave.");
        }

        List<ListedStanding> found = [];
        string? last = null;
        int read = 0;
        await foreach (string business in listed.ReadAsync(request.After, cancellationToken))
        {
            if (found.Count == request.Limit || read == MaxRead)
            {
                return new ListStandingsResponse(found) { Next = last };
            }

            (last, read) = (business, read + 1);
            if (await FindAsync(business, cancellationToken) is { } standing)
            {
                found.Add(ToItem(business, standing));
            }
        }

        return new ListStandingsResponse(found);
    }

    /// <summary>Null for one that is closed, and for a row that is none of ours, which hides no other.</summary>
    private async Task<BusinessStanding?> FindAsync(string business, CancellationToken cancellationToken)
    {
        try
        {
            return await inbox.IsClosedAsync(business, cancellationToken) ? null : await standings.FindAsync(business, cancellationToken);
        }
        catch (InvalidDataException exception)
        {
            Log.NotOurs(logger, FaultKind.Of(exception));
            return null;
        }
    }

    private static ListedStanding ToItem(string business, BusinessStanding standing) =>
        new(business, standing.Tier.Name(), standing.IsTierFixed, standing.Quality.Name(), standing.IsRestricted)
        {
            RedSince = standing.RedSince?.ToUnixTimeSeconds(),
            HalfUsedAt = standing.HalfUsedAt?.ToUnixTimeSeconds(),
            SetAt = standing.SetAt?.ToUnixTimeSeconds(),
        };

    private static partial class Log
    {
        [LoggerMessage(3310, LogLevel.Error, "The standing of a business is none of ours ({Fault}): it is left out of the list.")]
        internal static partial void NotOurs(ILogger logger, FaultKind fault);
    }
}
