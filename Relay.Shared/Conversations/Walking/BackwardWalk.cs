using Relay.Shared.Storage;

namespace Relay.Shared.Conversations.Walking;

/// <summary>The same way as a <see cref="ForwardWalk"/>, from a position back to where such a walk starts; the plan's step and last day are the way back's.</summary>
internal sealed class BackwardWalk(
    ITableStore tables, ExpiryIndex expiry, ConversationStore conversations, WalkPlan plan, WalkPosition start, WalkBudget budget) : ConversationWalk(plan, start)
{
    private const int PerRead = 250;

    private readonly Queue<IndexedConversation> _found = new();
    private int _kind;
    private BackwardRange? _rowRange;
    private BackwardRange? _shardRange;

    private protected override async Task<bool> MoveAsync(CancellationToken cancellationToken)
    {
        if (Conversation is { } key)
        {
            return await ReadRowsAsync(key, cancellationToken);
        }

        if (_found.TryPeek(out IndexedConversation found))
        {
            return await EnterAsync(found, cancellationToken);
        }

        // No key lies between a key and that key with a character more: the position's own conversation may have rows left.
        _shardRange ??= expiry.Backward(Plan.Business, Position.Day, Position.Shard, new ConversationKey(Plan.Business, Position.Conversation).Partition + "-");
        if (_shardRange.IsDone || expiry.IsSilent(Plan.Business, Position.Day))
        {
            _shardRange = null;
            Position = Position.Shard == 0 || expiry.IsSilent(Plan.Business, Position.Day)
                ? WalkPosition.EndOfShard(Position.Day.AddDays(Plan.Step), ExpiryIndex.Shards - 1)
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
        if (Plan.Number is { } wanted)
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
        (Conversation, _kind, _rowRange) = (found.Key, Plan.Kinds.Count - 1, null);
        return true;
    }

    private async Task<bool> ReadRowsAsync(ConversationKey key, CancellationToken cancellationToken)
    {
        if (_kind < 0)
        {
            Position = Position with { Row = string.Empty };
            Conversation = null;
            return true;
        }

        string kind = Plan.Kinds[_kind];
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
            Rows.Enqueue(row);
        }

        budget.CountRows(Rows.Count);
        return true;
    }
}
