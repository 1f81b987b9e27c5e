using Relay.Shared.Storage;

namespace Relay.Shared.Telemetry;

/// <summary>What was put into queue <c>outbound</c>.</summary>
public enum AcceptedKind
{
    Message,
    ReadReceipt,
}

/// <summary>How a call of a webhook endpoint ended, or why there was none.</summary>
public enum WebhookAttempt
{
    Delivered,
    Refused,
    Late,
    Gone,
    BreakerOpen,
    Busy,
}

/// <summary>What became of a key that was to be unwrapped.</summary>
public enum UnwrapOutcome
{
    Opened,
    Refused,
    VaultAway,
}

/// <summary>What is deleted at the end of its days.</summary>
public enum ExpiredKind
{
    Row,
    DayKey,
    IdempotencyKey,
    TransportPartition,
    TransportFile,
}

/// <summary>How often a session was read and written until a write was the first.</summary>
public enum CommitAttempts
{
    One,
    Few,
    Many,
}

/// <summary>How fetching a business's link ended.</summary>
public enum LinkOutcome
{
    Fetched,
    Failed,
}

/// <summary>Which way a business's file went.</summary>
public enum MediaDirection
{
    Uploaded,
    Downloaded,
}

/// <summary>What became of an envelope that was to be pushed to the relay.</summary>
public enum PushOutcome
{
    Taken,
    Failed,
    MovedToDevice,
}

/// <summary>Why the transport does not take a business's message.</summary>
public enum StopReason
{
    TierLimit,
    Restricted,
}

/// <summary>The queues, as tags know them.</summary>
public enum MeteredQueue
{
    Outbound,
    Inbound,
    Webhooks,
    Replays,
    Erasures,
    Push,
}

internal static class MeteredQueues
{
    /// <exception cref="ArgumentOutOfRangeException">No queue of <see cref="QueueNames"/>.</exception>
    internal static MeteredQueue Of(string name) => name switch
    {
        QueueNames.Outbound => MeteredQueue.Outbound,
        QueueNames.Inbound => MeteredQueue.Inbound,
        QueueNames.Webhooks => MeteredQueue.Webhooks,
        QueueNames.Replays => MeteredQueue.Replays,
        QueueNames.Erasures => MeteredQueue.Erasures,
        QueueNames.Push => MeteredQueue.Push,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}

internal static class CommitAttemptsOf
{
    private const int MostOfFew = 5;

    /// <param name="lostRaces">How many attempts came too late.</param>
    internal static CommitAttempts Races(int lostRaces) => lostRaces switch
    {
        0 => CommitAttempts.One,
        < MostOfFew => CommitAttempts.Few,
        _ => CommitAttempts.Many,
    };
}
