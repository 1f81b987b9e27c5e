namespace Relay.Shared.PreKeys;

/// <summary>Row <c>state</c> of a number's pre-keys: which are current, and how far they are published. Nothing of it is secret.</summary>
internal sealed record PreKeyState
{
    internal static PreKeyState None { get; } = new() { NextId = 1 };

    /// <summary>Null while there is no such row.</summary>
    internal string? ETag { get; init; }

    internal uint SignedId { get; init; }

    internal uint LastResortId { get; init; }

    /// <summary>When the signed and the last-resort pre-key were made.</summary>
    internal DateTimeOffset Made { get; init; }

    /// <summary>One numbering for all kinds.</summary>
    internal uint NextId { get; init; }

    /// <summary>One-time keys up to this id are, or were, with the transport.</summary>
    internal uint PublishedId { get; init; }
}
