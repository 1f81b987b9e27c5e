// spec/signal.md §3.10. The first session is current, the others are archived, newest first. Retired ones (receive only) are
// never made current again, so they form the tail.

using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Relay.Shared.Signal.Wire;

namespace Relay.Shared.Signal;

/// <summary>
/// All sessions with one peer device. Never changes: each step of <see cref="SessionCipher"/> returns the next record,
/// which shares no key with this one, so both can be disposed. One writer at a time must store what follows.
/// </summary>
[DebuggerDisplay("[redacted]")]
[JsonConverter(typeof(RefusesJson<SessionRecord>))]
public sealed class SessionRecord : IDisposable
{
    private readonly SessionState[] _sessions;

    private SessionRecord(SessionState[] sessions) => _sessions = sessions;

    public PublicKey RemoteIdentity => Current.RemoteIdentity;

    /// <summary>What the peer said of itself: a hint, since no MAC covers it.</summary>
    public uint RemoteRegistrationId => Current.RemoteRegistrationId;

    /// <summary>We opened the session and have not read an answer yet: every message still goes out with the pre-key part.</summary>
    public bool HasUnacknowledgedPreKey => Current.Pending is not null;

    /// <summary>How the current session was opened.</summary>
    public SessionProtocols Protocol => Current.Protocol;

    /// <summary>False after <see cref="RetireSending"/>, until a new session is opened by either side.</summary>
    public bool CanSend => !Current.IsRetired;

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

    /// <summary>
    /// The record with every session in it made receive-only: what is on its way is still read, nothing is sent with them again.
    /// For when this record may be older than what was sent with it, as after a restore from a backup: sending would use
    /// message keys twice. A new session from either side sends again.
    /// </summary>
    public SessionRecord RetireSending()
    {
        var sessions = new SessionState[_sessions.Length];
        for (int i = 0; i < sessions.Length; i++)
        {
            sessions[i] = _sessions[i].Clone();
            sessions[i].IsRetired = true;
            sessions[i].Pending = null;
        }

        return new SessionRecord(sessions);
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
    /// <paramref name="index"/> (-1: besides all). The others follow in their order. A retired session keeps its place.
    /// The oldest fall off beyond the limits of number and size.
    /// </summary>
    internal SessionRecord Adopt(int index, SessionState next)
    {
        int place = next.IsRetired && index > 0 ? index : 0;
        var sessions = new List<SessionState>(_sessions.Length + 1);
        for (int i = 0; i < _sessions.Length; i++)
        {
            if (i != index)
            {
                SessionState kept = _sessions[i].Clone();
                kept.Pending = place == 0 ? null : kept.Pending;
                sessions.Add(kept);
            }
        }

        sessions.Insert(place, next);
        while (sessions.Count > 1 && IsTooLarge(sessions))
        {
            sessions[^1].Dispose();
            sessions.RemoveAt(sessions.Count - 1);
        }

        return new SessionRecord([.. sessions]);
    }

    private static bool IsTooLarge(List<SessionState> sessions) =>
        sessions.Count > 1 + SignalLimits.MaxArchivedSessions
        || SessionRecordCodec.SizeOf(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(sessions)) > SignalLimits.MaxRecordBytes;
}
