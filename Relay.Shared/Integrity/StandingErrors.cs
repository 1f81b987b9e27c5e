using Relay.Shared.Graph;

namespace Relay.Shared.Integrity;

/// <summary>What a business is told that may not approach users now.</summary>
internal static class StandingErrors
{
    internal static GraphError TierLimit => GraphErrorCode.SpamRateLimit.Because(
        "This business has messaged as many users within 24 hours as its messaging limit allows. It can still message users who wrote to it within 24 hours, and, where its limit is 2,000 or less, those it has messaged.");

    internal static GraphError Restricted => GraphErrorCode.PolicyBlock.Because(
        "This business is restricted by the operator: it can only message users who wrote to it within 24 hours.");
}
