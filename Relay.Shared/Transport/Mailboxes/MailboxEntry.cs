using Relay.Shared.Primitives;

namespace Relay.Shared.Transport.Mailboxes;

/// <summary>An envelope as it waits in a mailbox: still sealed.</summary>
public sealed record MailboxEntry
{
    public required Mailbox Mailbox { get; init; }

    /// <summary>Its row key, and what a device acknowledges it with.</summary>
    public required string Handle { get; init; }

    public required string ETag { get; init; }

    public required string Type { get; init; }

    /// <summary>When it was taken.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Whose day's key seals it.</summary>
    public required UtcDay Day { get; init; }

    public required byte[] Sealed { get; init; }

    /// <summary>How many pushes have failed or been given up; names the one chain of queue messages that may push it.</summary>
    public required int Attempt { get; init; }

    /// <summary>When the next push is due.</summary>
    public required DateTimeOffset Due { get; init; }
}
