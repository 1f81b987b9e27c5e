using Relay.Shared.Storage;

namespace Relay.Shared.Conversations.Walking;

/// <summary>
/// Walks a business's rows by the expiry index: day by day, in a day by shard, conversation and row key. Never searches, stops when its
/// budget is spent, and goes on from <see cref="ConversationWalk.Position"/>: what was there at its start is met exactly once, whatever is written meanwhile.
/// </summary>
internal sealed class ForwardWalk(
    ITableStore tables, ExpiryIndex expiry, ConversationStore conversations, WalkPlan plan, WalkPosition start, WalkBudget budget) : ConversationWalk(plan, start)
{
    private const int ConversationsPerRead = 100;
    private const int RowsPerRead = 250;

    private IReadOnlyList<IndexedConversation>[]? _shards;
    private int _next;
    private bool _hasMoreRows;
    private int _kind;

    private protected override async Task<bool> MoveAsync(CancellationToken cancellationToken)
    {
        if (Conversation is { } key)
        {
            if (_hasMoreRows)
            {
                return await ReadRowsAsync(key, cancellationToken);
            }

            Position = Position with { Row = WalkPosition.AllRows };
            Conversation = null;
            return true;
        }

        return _shards is null ? await ReadDayAsync(cancellationToken) : await NextConversationAsync(_shards, cancellationToken);
    }

    /// <summary>All shards at once: most days of most businesses are read through with it.</summary>
    private async Task<bool> ReadDayAsync(CancellationToken cancellationToken)
    {
        WalkPosition from = Position;
        if (expiry.IsSilent(Plan.Business, from.Day))
        {
            Position = WalkPosition.StartOf(from.Day.AddDays(Plan.Step));
            return true;
        }

        if (!budget.TryTake(ExpiryIndex.Shards - from.Shard))
        {
            return false;
        }

        _shards = await Task.WhenAll(Enumerable.Range(0, ExpiryIndex.Shards).Select(shard => shard < from.Shard
            ? Task.FromResult<IReadOnlyList<IndexedConversation>>([])
            : ListAsync(shard, shard == from.Shard ? from : WalkPosition.OfShard(from.Day, shard), cancellationToken)));
        _next = 0;
        if (from == WalkPosition.StartOf(from.Day) && _shards.All(shard => shard.Count == 0))
        {
            expiry.NoteSilent(Plan.Business, from.Day);
        }

        return true;
    }

    private async Task<bool> NextConversationAsync(IReadOnlyList<IndexedConversation>[] shards, CancellationToken cancellationToken)
    {
        IReadOnlyList<IndexedConversation> list = shards[Position.Shard];
        if (_next < list.Count)
        {
            return await EnterAsync(list[_next], cancellationToken);
        }

        if (list.Count == ConversationsPerRead)
        {
            if (!budget.TryTake())
            {
                return false;
            }

            shards[Position.Shard] = await ListAsync(Position.Shard, Position, cancellationToken);
            _next = 0;
            return true;
        }

        _next = 0;
        if (Position.Shard + 1 < ExpiryIndex.Shards)
        {
            Position = WalkPosition.OfShard(Position.Day, Position.Shard + 1);
        }
        else
        {
            _shards = null;
            Position = WalkPosition.StartOf(Position.Day.AddDays(Plan.Step));
        }

        return true;
    }

    private async Task<bool> EnterAsync(IndexedConversation found, CancellationToken cancellationToken)
    {
        bool isSame = found.Key.Conversation == Position.Conversation;
        string row = isSame ? Position.Row : string.Empty;
        bool isWanted = row != WalkPosition.AllRows;
        if (isWanted && Plan.Number is { } wanted)
        {
            if (found.Number is null && !budget.TryTake())
            {
                return false;
            }

            // An earlier version noted no number; then the session knows.
            isWanted = (found.Number ?? await conversations.FindNumberAsync(found.Key, cancellationToken)) == wanted;
        }

        _next++;
        _kind = 0;
        Position = Position with { Conversation = found.Key.Conversation, Row = isWanted ? row : WalkPosition.AllRows };
        (Conversation, _hasMoreRows) = isWanted ? (found.Key, true) : ((ConversationKey?)null, false);
        return true;
    }

    private async Task<bool> ReadRowsAsync(ConversationKey key, CancellationToken cancellationToken)
    {
        for (; Rows.Count == 0 && _kind < Plan.Kinds.Count; _kind++)
        {
            string done = Position.Row;
            TableRange range = TableRange.StartingWith(key.Partition, Plan.Kinds[_kind], RowsPerRead);
            if (string.CompareOrdinal(done, range.BeforeRowKey) >= 0)
            {
                continue;
            }

            if (!budget.TryTake())
            {
                return false;
            }

            // No key lies between a key and that key with a character more.
            range = string.CompareOrdinal(done, range.FromRowKey) > 0 ? range with { FromRowKey = done + "-" } : range;
            await foreach (TableRow row in tables.QueryAsync(TableNames.Conversations, range, cancellationToken))
            {
                Rows.Enqueue(row);
            }

            budget.CountRows(Rows.Count);
            if (Rows.Count == RowsPerRead)
            {
                return true;
            }
        }

        _hasMoreRows = _kind < Plan.Kinds.Count;
        return true;
    }

    /// <summary>From the position's conversation on, itself included: it may have rows left.</summary>
    private Task<IReadOnlyList<IndexedConversation>> ListAsync(int shard, WalkPosition from, CancellationToken cancellationToken) =>
        expiry.ListAsync(Plan.Business, from.Day, shard, from.Conversation, ConversationsPerRead, cancellationToken);
}
