namespace Relay.Shared.Conversations;

/// <summary>How far one subscriber has been told a row. Absent: not tried yet.</summary>
public enum TellState
{
    /// <summary>Queue <c>webhooks</c> holds a reference for it.</summary>
    Queued = 1,

    /// <summary>It answered 2xx.</summary>
    Told = 2,

    /// <summary>It failed for as long as it is tried, or its endpoint is disabled or gone; the payload stays, to be told again on demand.</summary>
    GivenUp = 3,
}
