using Relay.Shared.Primitives;
using Relay.Shared.Signal;

namespace Relay.Shared.Conversations;

/// <summary>Row <c>S</c> as read: its place in the compare-and-swap, and what it holds.</summary>
/// <param name="ETag">Null when there is no row.</param>
/// <param name="Generation">How often it was written.</param>
/// <param name="Era">The stamp's era at its last write.</param>
/// <param name="Content">Null when there is no row, or when the key of its day was destroyed.</param>
public sealed record SessionSlot(string? ETag, long Generation, int Era, SessionContent? Content) : IDisposable
{
    /// <summary>When the user last wrote, in Unix milliseconds; 0: never, or nobody knows any more.</summary>
    public long Heard { get; init; }

    public static SessionSlot Empty { get; } = new(null, 0, 0, null);

    internal SessionSlot RetireSending()
    {
        using SessionContent? before = Content;
        return before is null ? this : this with { Content = new SessionContent(before.Number, before.Peer, before.Record.RetireSending()) };
    }

    /// <summary>Wipes the session's keys.</summary>
    public void Dispose() => Content?.Dispose();

    public override string ToString() => $"session slot, generation {Generation}";
}

/// <summary>What a conversation's session row holds: whose it is, and the Signal sessions.</summary>
public sealed class SessionContent(PhoneNumberId number, PhoneNumber peer, SessionRecord record) : IDisposable
{
    /// <summary>The business number.</summary>
    public PhoneNumberId Number { get; } = number;

    /// <summary>The user.</summary>
    public PhoneNumber Peer { get; } = peer;

    public SessionRecord Record { get; } = record;

    public void Dispose() => Record.Dispose();

    public override string ToString() => "[redacted]";
}
