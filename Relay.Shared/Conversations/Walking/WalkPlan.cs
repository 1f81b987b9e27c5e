using Relay.Shared.Primitives;
using Relay.Shared.Storage;

namespace Relay.Shared.Conversations.Walking;

/// <summary>Which rows a walk is after.</summary>
internal sealed record WalkPlan
{
    internal required BusinessId Business { get; init; }

    /// <summary>Null for all numbers of the business.</summary>
    internal PhoneNumberId? Number { get; init; }

    /// <summary>The last day; a day at a time towards it, forwards or backwards.</summary>
    internal required UtcDay LastDay { get; init; }

    /// <summary>1 for oldest first, -1 for newest first.</summary>
    internal required int Step { get; init; }

    /// <summary>What the wanted rows' keys start with: two characters each, ascending.</summary>
    internal required IReadOnlyList<string> Kinds { get; init; }

    /// <summary>Whether a row belongs to a day and is wanted.</summary>
    internal required Func<UtcDay, TableRow, bool> Wants { get; init; }

    internal bool Covers(UtcDay day) => Step > 0 ? day <= LastDay : day >= LastDay;
}

/// <summary>A row that a walk met.</summary>
internal sealed record WalkedRow(ConversationKey Key, UtcDay Day, TableRow Row)
{
    public override string ToString() => $"{Key}/{Row.RowKey}";
}
