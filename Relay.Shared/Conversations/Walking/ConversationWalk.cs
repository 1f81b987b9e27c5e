using Relay.Shared.Storage;

namespace Relay.Shared.Conversations.Walking;

/// <summary>A way through a business's rows that can stop anywhere and be gone on with from its position.</summary>
internal abstract class ConversationWalk(WalkPlan plan, WalkPosition start)
{
    /// <summary>Everything on this side of it was met, itself included.</summary>
    internal WalkPosition Position { get; private protected set; } = start;

    /// <summary>Whether nothing is left; otherwise a walk that ends has spent its budget.</summary>
    internal bool IsDone => !Plan.Covers(Position.Day);

    private protected WalkPlan Plan { get; } = plan;

    /// <summary>Rows that were read and not met yet.</summary>
    private protected Queue<TableRow> Rows { get; } = new();

    /// <summary>Whose rows these are; null between two conversations.</summary>
    private protected ConversationKey? Conversation { get; set; }

    /// <summary>The next wanted row, or null: nothing is left, or the budget is spent.</summary>
    internal async Task<WalkedRow?> NextAsync(CancellationToken cancellationToken)
    {
        while (!IsDone)
        {
            if (Rows.TryDequeue(out TableRow? row))
            {
                Position = Position with { Row = row.RowKey };
                if (Conversation is { } key && Plan.Wants(Position.Day, row))
                {
                    return new WalkedRow(key, Position.Day, row);
                }
            }
            else if (!await MoveAsync(cancellationToken))
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>Reads on. False when the budget is spent.</summary>
    private protected abstract Task<bool> MoveAsync(CancellationToken cancellationToken);
}
