using Relay.Shared.Billing;
using Relay.Shared.Conversations;
using Relay.Shared.Primitives;
using Relay.Shared.Proof.Receipts;
using Relay.Shared.Storage;

namespace Relay.Shared.Maintenance;

/// <summary>What a look at a conversation has found to be deleted, and how many rows of which day that is.</summary>
internal sealed class DeadRows(ConversationKey key)
{
    private readonly Dictionary<UtcDay, int> _ofDay = [];

    internal ConversationKey Key { get; } = key;

    internal List<TableWrite> Rows { get; } = [];

    /// <summary>What those rows are counted for.</summary>
    internal List<CountedMessage> Counted { get; } = [];

    internal TableWrite? Session { get; set; }

    /// <summary>The lookup row that leads here.</summary>
    internal string? LookupRow { get; set; }

    /// <summary>Says so when no row that stays does.</summary>
    internal TableWrite? Note { get; set; }

    /// <summary>Whether nothing stays.</summary>
    internal bool IsIdle { get; set; } = true;

    /// <summary>There were too many rows for one look: another must follow.</summary>
    internal bool IsCut { get; set; }

    /// <summary>Messages among the rows that never left and of which nobody was told.</summary>
    internal int NeverLeft { get; set; }

    internal IEnumerable<DyingRows> ByDay => _ofDay.Select(one => new DyingRows(Key, one.Key, one.Value, IsCut));

    internal void Count(UtcDay day) => _ofDay[day] = _ofDay.GetValueOrDefault(day) + 1;
}
