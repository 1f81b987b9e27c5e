using Relay.Shared.Primitives;

namespace Relay.Shared.Conversations;

/// <summary>An <c>R</c> row without a payload of its own: the mark that an envelope was taken, and what follows from it.</summary>
internal sealed record InboundMark
{
    /// <summary>The status rows that a receipt brought.</summary>
    internal IReadOnlyCollection<string> Tell { get; init; } = [];

    /// <summary>The messages, by id, that a retry receipt asked for.</summary>
    internal IReadOnlyCollection<string> Again { get; init; } = [];

    /// <summary>The one-time pre-keys that the envelope used.</summary>
    internal UsedPreKeys Used { get; init; }

    /// <summary>The envelope could not be decrypted: its content may yet come, in another envelope.</summary>
    internal bool IsUnread { get; init; }

    /// <summary>The envelope whose row tells the content that this mark is named by.</summary>
    internal EnvelopeId? Envelope { get; init; }

    /// <summary>Given where no session row may ever say which lookup row leads here.</summary>
    internal string? LookupRow { get; init; }

    /// <summary>Given to replace an unread mark of the same row; inserted otherwise.</summary>
    internal string? Replaces { get; init; }
}
