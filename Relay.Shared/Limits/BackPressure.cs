using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Limits;

/// <summary>
/// Slows accepting while the workers are behind, before anything breaks: above the soft limit a growing share of what businesses send is
/// refused, most of it to those who send most; at the hard limit all of it, and what users send too, which the transport keeps and pushes again.
/// </summary>
public sealed class BackPressure(QueueBacklog backlog, TimeProvider time)
{
    private const int LongestWaitSeconds = 60;

    private readonly FairShares _shares = new(time);

    /// <summary>Null when a business's message may be taken.</summary>
    internal GraphError? Refuse(BusinessId business)
    {
        double pressure = backlog.Outbound();
        return _shares.TryEnter(business, pressure)
            ? null
            : GraphErrorCode.AccountRateLimit.Because(
                "More is accepted than can be delivered at present, so less is taken of the business accounts that send most. Nothing was accepted.")
                with { RetryAfter = Wait(pressure) };
    }

    /// <summary>Whether the transport is to keep what users send for now.</summary>
    internal bool RefusesEnvelopes() => backlog.Inbound() >= 1;

    private static TimeSpan Wait(double pressure) => TimeSpan.FromSeconds(Math.Ceiling(LongestWaitSeconds * pressure));
}
