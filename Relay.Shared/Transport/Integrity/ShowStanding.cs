using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Integrity.Windows;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Integrity;

/// <summary>Tells a business number how its business stands.</summary>
public sealed class ShowStanding(StandingStore standings, RecipientWindows windows)
{
    public async Task<TransportResult<StandingResponse>> ExecuteAsync(AuthenticatedDevice device, CancellationToken cancellationToken)
    {
        if (device.Account.CountedFor is not { } business)
        {
            return TransportFailures.BadRequest("Only a business number has a standing.");
        }

        BusinessStanding standing = await standings.FindAsync(business, cancellationToken);
        (long messaged, bool isExact) = await windows.CountAsync(business, cancellationToken);
        return new StandingResponse(standing.Tier.Name(), standing.Quality.Name(), standing.IsRestricted, messaged, !standing.Tier.Admits(messaged, isExact));
    }
}
