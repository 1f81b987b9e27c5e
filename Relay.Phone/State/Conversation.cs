using System.Text.Json.Serialization;
using Relay.Shared.Primitives;
using Relay.Shared.Signal;

namespace Relay.Phone.State;

/// <summary>What the phone keeps about one correspondent: the Signal session and which messages it has seen.</summary>
internal sealed class Conversation : IDisposable
{
    /// <summary>Ids remembered to drop repeats; the transport keeps an envelope 30 days at most.</summary>
    internal const int MaxRecent = 1_000;

    [JsonConverter(typeof(SealedJson.Bytes))]
    public SecretBytes? Session { get; set; }

    /// <summary>Ids of envelopes and messages received, oldest first.</summary>
    public List<string> Recent { get; init; } = [];

    /// <summary>Ids of messages without a <c>read</c> receipt, oldest first.</summary>
    public List<string> Unread { get; init; } = [];

    /// <exception cref="PhoneException">The state holds something else.</exception>
    internal SessionRecord? OpenSession() => Session is null ? null
        : SessionRecord.TryParse(Session.Reveal(), out SessionRecord? record) ? record
        : throw new PhoneException("A session in the state is damaged.");

    internal void Keep(SessionRecord record)
    {
        Session?.Dispose();
        Session = SecretBytes.Own(record.Serialize());
    }

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

    public void Dispose() => Session?.Dispose();

    private static void Trim(List<string> ids) => ids.RemoveRange(0, Math.Max(0, ids.Count - MaxRecent));
}
