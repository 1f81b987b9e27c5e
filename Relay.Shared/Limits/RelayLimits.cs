using Relay.Shared.Primitives;

namespace Relay.Shared.Limits;

/// <summary>
/// How much is accepted, per instance (docs/wire-compatibility.md, Limits): the Cloud API's figures unless set otherwise. 0 lifts a limit.
/// </summary>
public sealed record RelayLimits
{
    /// <summary>Messages a second of a number of level <c>STANDARD</c>, sent and received together; also its burst.</summary>
    public int MessagesPerSecond { get; init; } = 80;

    /// <summary>The same for level <c>HIGH</c>.</summary>
    public int MessagesPerSecondHigh { get; init; } = 1_000;

    /// <summary>Seconds per message from one number to one user.</summary>
    public int PairSeconds { get; init; } = 6;

    /// <summary>How many messages to one user may come at once, borrowed from the seconds to come.</summary>
    public int PairBurst { get; init; } = 45;

    /// <summary>The backlog of queue <c>outbound</c> or <c>inbound</c> from which on a growing share is refused.</summary>
    public int BacklogSoft { get; init; } = 20_000;

    /// <summary>The backlog at which nothing more is taken; above <see cref="BacklogSoft"/>.</summary>
    public int BacklogHard { get; init; } = 100_000;

    /// <summary>No limit at all: for benchmarks and load runs.</summary>
    public static RelayLimits Lifted { get; } = new() { MessagesPerSecond = 0, MessagesPerSecondHigh = 0, PairSeconds = 0, BacklogSoft = 0 };

    /// <summary>Null where it is lifted.</summary>
    internal Rate? Throughput(ThroughputLevel level)
    {
        int perSecond = level == ThroughputLevel.High ? MessagesPerSecondHigh : MessagesPerSecond;
        return perSecond == 0 ? null : new Rate(perSecond, TimeSpan.FromSeconds(1) / perSecond);
    }

    /// <summary>Null where it is lifted.</summary>
    internal Rate? Pair => PairSeconds == 0 ? null : new Rate(PairBurst, TimeSpan.FromSeconds(PairSeconds));
}
