// spec/signal.md §3.10. The first session is current, the others are archived, newest first.

using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Relay.Shared.Primitives;
using Relay.Shared.Signal.Wire;

namespace Relay.Shared.Signal;

/// <summary>
/// All sessions with one peer device. Never changes: each step of <see cref="SessionCipher"/> returns the next record,
/// which shares no key with this one, so both can be disposed. One writer at a time must store what follows.
/// </summary>
[DebuggerDisplay("[redacted]")]
[JsonConverter(typeof(NeverSerialised<SessionRecord>))]
public sealed class SessionRecord : IDisposable
{
    private readonly SessionState[] _sessions;

    private SessionRecord(SessionState[] sessions) => _sessions = sessions;

    public PublicKey RemoteIdentity => Current.RemoteIdentity;

    /// <summary>What the peer said of itself: a hint, since no MAC covers it.</summary>
    public uint RemoteRegistrationId => Current.RemoteRegistrationId;

    /// <summary>We opened the session and have not read an answer yet: every message still goes out with the pre-key part.</summary>
    public bool HasUnacknowledgedPreKey => Current.Pending is not null;

    /// <summary>
    /// Messages sent since the peer's last turn. Many implementations refuse a gap above 2,000 messages, so a sender should
    /// ask for an answer well before.
    /// </summary>
    public uint SentThisTurn => Current.Sending.Index;

    internal SessionState Current => _sessions[0];

    /// <summary>Current first, then archived, newest first.</summary>
    internal ReadOnlySpan<SessionState> Sessions => _sessions;

    /// <summary>Reads what <see cref="Serialize"/> wrote and nothing else.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SessionRecord? record)
    {
        record = SessionRecordCodec.TryRead(bytes, out SessionState[]? sessions) ? new SessionRecord(sessions) : null;
        return record is not null;
    }

    /// <summary>True when the message repeats or follows one that already opened a session: no pre-keys are needed for it.</summary>
    public bool HasSessionFor(PreKeySignalMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return IndexOf(message) >= 0;
    }

    /// <summary>All keys in clear: the caller seals these bytes and wipes them.</summary>
    public byte[] Serialize() => SessionRecordCodec.Write(_sessions);

    public void Dispose()
    {
        foreach (SessionState session in _sessions)
        {
            session.Dispose();
        }
    }

    public override string ToString() => "[redacted]";

    /// <summary>The session this message belongs to, or -1. Sessions of an earlier identity of ours don't count when it is given.</summary>
    internal int IndexOf(PreKeySignalMessage message, PublicKey? ourIdentity = null) => Array.FindIndex(
        _sessions,
        session => session.Version == message.Version
            && session.BaseKey.Equals(message.BaseKey)
            && session.RemoteIdentity.Equals(message.IdentityKey)
            && (ourIdentity is null || session.LocalIdentity.Equals(ourIdentity)));

    /// <summary>The record after a new session was opened. Takes ownership of <paramref name="fresh"/>.</summary>
    internal static SessionRecord Open(SessionRecord? existing, SessionState fresh) =>
        existing?.Adopt(-1, fresh) ?? new SessionRecord([fresh]);

    /// <summary>
    /// The record with <paramref name="next"/>, which it owns, as current session instead of the one at
    /// <paramref name="index"/> (-1: besides all). The others follow in their order; the oldest falls off.
    /// </summary>
    internal SessionRecord Adopt(int index, SessionState next)
    {
        int kept = Math.Min(_sessions.Length - (index < 0 ? 0 : 1), SignalLimits.MaxArchivedSessions);
        var sessions = new SessionState[1 + kept];
        sessions[0] = next;
        for (int from = 0, to = 1; to < sessions.Length; from++)
        {
            if (from != index)
            {
                sessions[to] = _sessions[from].Clone();
                sessions[to].Pending = null;
                to++;
            }
        }

        return new SessionRecord(sessions);
    }
}
