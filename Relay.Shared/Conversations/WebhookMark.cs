using Relay.Shared.Primitives;

namespace Relay.Shared.Conversations;

/// <summary>What is written of telling a row: how far each subscriber is, and whether the row is done with.</summary>
internal sealed record WebhookMark(string RowKey)
{
    internal IReadOnlyDictionary<SubscriberId, TellState> States { get; init; } = new Dictionary<SubscriberId, TellState>();

    /// <summary>Whether it is still to be told; null leaves that as it is.</summary>
    internal bool? Pending { get; init; }

    /// <summary>Whether the payload goes.</summary>
    internal bool Erases { get; init; }

    /// <summary>Given when the mark depends on what was read.</summary>
    internal string? ETag { get; init; }

    /// <summary>Whether the message's own row says from now on that this status was looked after, so that no later one goes before it.</summary>
    internal bool NotesStatus { get; init; }

    /// <summary>A row that has nothing (more) to tell.</summary>
    internal static WebhookMark Done(string rowKey) => new(rowKey) { Pending = false, Erases = true };
}
