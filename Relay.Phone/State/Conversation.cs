using System.Text.Json.Serialization;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;

namespace Relay.Phone.State;

/// <summary>
/// What the phone keeps about one correspondent: the Signal session, which messages it has seen, and what may be asked for again.
/// What version 1 of the state doesn't have is set, not init: JSON without it leaves it as it is.
/// </summary>
internal sealed class Conversation : IDisposable
{
    /// <summary>Ids remembered to drop repeats; the transport keeps an envelope 30 days at most.</summary>
    internal const int MaxRecent = 1_000;

    private static readonly TimeSpan Patience = TimeSpan.FromDays(30);

    [JsonConverter(typeof(SealedJson.Bytes))]
    public SecretBytes? Session { get; set; }

    /// <summary>When the phone last opened a session itself.</summary>
    public DateTimeOffset? OpenedAt { get; set; }

    /// <summary>Ids of envelopes and messages received, oldest first.</summary>
    public List<string> Recent { get; init; } = [];

    /// <summary>Ids of messages without a <c>read</c> receipt, oldest first.</summary>
    public List<string> Unread { get; init; } = [];

    /// <summary>Envelopes among <see cref="Recent"/> whose content nobody has read: it may yet come in another envelope.</summary>
    public List<string> Unreadable { get; set; } = [];

    public PendingRetries Retries { get; set; } = new();

    public SentMessages Sent { get; set; } = new();

    public KeptMessages Kept { get; set; } = new();

    /// <exception cref="PhoneException">The state holds something else.</exception>
    internal SessionRecord? OpenSession() => Session is null ? null
        : SessionRecord.TryParse(Session.Reveal(), out SessionRecord? record) ? record
        : throw new PhoneException("A session in the state is damaged.");

    internal void Keep(SessionRecord record)
    {
        Session?.Dispose();
        Session = SecretBytes.Own(record.Serialize());
    }

    /// <summary>Whether nobody answered the session that we opened for 30 days: the keys it used may be gone.</summary>
    internal bool IsUnanswered(SessionRecord record, DateTimeOffset now) =>
        record.HasUnacknowledgedPreKey && OpenedAt is { } opened && now - opened >= Patience;

    /// <summary>False when the id was noted before.</summary>
    internal bool Note(string id)
    {
        if (Recent.Contains(id))
        {
            return false;
        }

        Recent.Add(id);
        Trim(Recent);
        return true;
    }

    internal void NoteUnread(string id)
    {
        Unread.Add(id);
        Trim(Unread);
    }

    /// <summary>Notes that an envelope, noted before, was not read.</summary>
    internal void NoteUnreadable(string envelopeId)
    {
        Unreadable.Add(envelopeId);
        Trim(Unreadable);
    }

    /// <summary>
    /// False when this content was read before. Content and the envelope it first travelled in often have one id, so an envelope
    /// that was seen but not read says nothing about the content.
    /// </summary>
    internal bool NoteContent(string contentId, string envelopeId)
    {
        if (contentId == envelopeId)
        {
            return true;
        }

        if (Unreadable.Remove(contentId))
        {
            Recent.Remove(contentId);
        }

        return Note(contentId);
    }

    public void Dispose()
    {
        Session?.Dispose();
        Sent.Dispose();
    }

    private static void Trim(List<string> ids) => ids.RemoveRange(0, Math.Max(0, ids.Count - MaxRecent));
}
