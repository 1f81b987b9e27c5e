namespace Relay.Shared.History;

/// <summary>One status of a message, and what became of telling it to one subscriber.</summary>
internal sealed record HistoryEvent
{
    internal const string Sent = "SENT";
    internal const string Delivered = "DELIVERED";
    internal const string Read = "READ";
    internal const string Played = "PLAYED";
    internal const string Failed = "FAILED";

    internal required string Id { get; init; }

    /// <summary>Its place among the message's events.</summary>
    internal required string Position { get; init; }

    internal required string Status { get; init; }

    internal required DateTimeOffset At { get; init; }

    internal required string UpdateState { get; init; }

    internal Uri? Callback { get; init; }

    internal string? Error { get; init; }
}
