using Relay.Shared.Storage;

namespace Relay.Shared.Conversations.Walking;

/// <summary>The same way as a <see cref="ConversationWalk"/>, from a position back to where such a walk starts; the plan's step and last day are the way back's.</summary>
internal sealed class BackwardWalk(
    ITableStore tables, ExpiryIndex expiry, ConversationStore conversations, WalkPlan plan, WalkPosition start, WalkBudget budget) : IConversationWalk
{
    private const int PerRead = 250;

    private readonly Queue<TableRow> _rows = new();
    private readonly Queue<IndexedConversation> _found = new();
    private ConversationKey? _conversation;
    private int _kind;
    private BackwardRange? _rowRange;
    private BackwardRange? _shardRange;

    public WalkPosition Position { get; private set; } = start;

    public bool IsDone => !plan.Covers(Position.Day);

    public async Task<WalkedRow?> NextAsync(CancellationToken cancellationToken)
    {
        while (!IsDone)
        {
            if (_rows.TryDequeue(out TableRow? row))
            {
                Position = Position with { Row = row.RowKey };
                if (_conversation is { } key && plan.Wants(Position.Day, row))
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

    /// <summary>False when the budget is spent.</summary>
    private async Task<bool> MoveAsync(CancellationToken cancellationToken)
    {
        if (_conversation is { } key)
        {
            return await ReadRowsAsync(key, cancellationToken);
        }

        if (_found.TryPeek(out IndexedConversation found))
        {
            return await EnterAsync(found, cancellationToken);
        }

        // No key lies between a key and that key with a character more: the position's own conversation may have rows left.
        _shardRange ??= expiry.Backward(plan.Business, Position.Day, Position.Shard, new ConversationKey(plan.Business, Position.Conversation).Partition + "-");
        if (_shardRange.IsDone || expiry.IsSilent(plan.Business, Position.Day))
        {
            _shardRange = null;
            Position = Position.Shard == 0 || expiry.IsSilent(plan.Business, Position.Day)
                ? WalkPosition.EndOfShard(Position.Day.AddDays(plan.Step), ExpiryIndex.Shards - 1)
                : WalkPosition.EndOfShard(Position.Day, Position.Shard - 1);
            return true;
        }

        if (!budget.TryTake())
        {
            return false;
        }

        foreach (TableRow row in await _shardRange.ReadAsync(PerRead, cancellationToken))
        {
            if (ExpiryIndex.Read(row) is { } indexed)
            {
                _found.Enqueue(indexed);
            }
        }

        return true;
    }

    private async Task<bool> EnterAsync(IndexedConversation found, CancellationToken cancellationToken)
    {
        if (plan.Number is { } wanted)
        {
            if (found.Number is null && !budget.TryTake())
            {
                return false;
            }

            if ((found.Number ?? await conversations.FindNumberAsync(found.Key, cancellationToken)) != wanted)
            {
                _found.Dequeue();
                return true;
            }
        }

        _found.Dequeue();
        string row = found.Key.Conversation == Position.Conversation ? Position.Row : WalkPosition.AllRows;
        Position = Position with { Conversation = found.Key.Conversation, Row = row };
        (_conversation, _kind, _rowRange) = (found.Key, plan.Kinds.Count - 1, null);
        return true;
    }

    private async Task<bool> ReadRowsAsync(ConversationKey key, CancellationToken cancellationToken)
    {
        if (_kind < 0)
        {
            Position = Position with { Row = string.Empty };
            _conversation = null;
            return true;
        }

        string kind = plan.Kinds[_kind];
        if (string.CompareOrdinal(Position.Row, kind) <= 0 || _rowRange is { IsDone: true })
        {
            (_kind, _rowRange) = (_kind - 1, null);
            return true;
        }

        _rowRange ??= new BackwardRange(
            tables, TableNames.Conversations, key.Partition, kind, Position.Row.StartsWith(kind, StringComparison.Ordinal) ? Position.Row : null);
        if (!budget.TryTake())
        {
            return false;
        }

        foreach (TableRow row in await _rowRange.ReadAsync(PerRead, cancellationToken))
        {
            _rows.Enqueue(row);
        }

        budget.CountRows(_rows.Count);
        return true;
    }
}
