using Relay.Shared.Transport.Integrity.Standing;
using Relay.Shared.Transport.Integrity.Windows;
using Relay.Shared.Transport.Registrations;
using Relay.Shared.Transport.Wire;

namespace Relay.Shared.Transport.Integrity;

/// <summary>Tells a business number whether it may message a user outside of a service window, so that it can refuse before it accepts. Counts nobody.</summary>
public sealed class CheckReach(FindAccount findAccount, StandingStore standings, RecipientWindows windows)
{
    public async Task<TransportResult<ReachResponse>> ExecuteAsync(AuthenticatedDevice device, ReachRequest request, CancellationToken cancellationToken)
    {
        if (device.Account.CountedFor is not { } business)
        {
            return TransportFailures.BadRequest("Only a business number has a standing.");
        }

        TransportResult<Account> user = await findAccount.AddresseeAsync(request.To, cancellationToken);
        if (!user.IsSuccess)
        {
            return user.Failure;
        }

        BusinessStanding standing = await standings.KnownAsync(business, cancellationToken);
        return new ReachResponse(!standing.IsRestricted && await windows.AdmitsAsync(business, user.Value.Number, standing.Tier, cancellationToken));
    }
}
