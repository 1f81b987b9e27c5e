using Relay.Shared.Billing;
using Relay.Shared.Primitives;

namespace Relay.Shared.Analytics;

/// <summary>A row of <c>counts</c> as read.</summary>
internal sealed record CountRow(string Key, UtcDay Day, PhoneNumberId Number, string ETag)
{
    internal required CountState State { get; init; }

    /// <summary>When it was found torn.</summary>
    internal DateTimeOffset? TornAt { get; init; }

    /// <summary>Up to which conversation it was counted again so far; empty before the first.</summary>
    internal string Cursor { get; init; } = string.Empty;

    internal required UsageTotals Usage { get; init; }

    /// <summary>Statistics by half hour: see <see cref="DayCounts"/>.</summary>
    internal required byte[] Sent { get; init; }

    internal required byte[] Delivered { get; init; }

    /// <summary>Whether it says all that it will ever say.</summary>
    internal bool IsFinal => State is CountState.Closed or CountState.Settled;
}
