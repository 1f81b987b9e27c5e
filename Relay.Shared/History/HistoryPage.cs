using Relay.Shared.Conversations.Walking;
using Relay.Shared.Graph.History;

namespace Relay.Shared.History;

/// <summary>Entries as a walk met them, and from where the pages around them go on.</summary>
internal sealed class HistoryPage(WalkPosition from)
{
    internal List<MessageHistoryEntry> Entries { get; } = [];

    /// <summary>Before it, nothing of this page is missing.</summary>
    internal WalkPosition First { get; private set; } = from;

    /// <summary>Up to it, nothing is missing after this page.</summary>
    internal WalkPosition Last { get; private set; } = from;

    /// <summary>Whether there may be more in the direction of the walk.</summary>
    internal bool HasMore { get; set; }

    internal void Add(MessageHistoryEntry entry, WalkPosition at)
    {
        First = Entries.Count == 0 ? at : First;
        Last = at;
        Entries.Add(entry);
    }

    /// <summary>The walk ended here, with fewer entries than were asked for.</summary>
    internal void End(WalkPosition at, bool hasMore)
    {
        First = Entries.Count == 0 ? at : First;
        (Last, HasMore) = (at, hasMore);
    }

    /// <summary>From the order of a walk back to the order of the history.</summary>
    internal void Reverse()
    {
        Entries.Reverse();
        (First, Last) = (Last, First);
    }
}
