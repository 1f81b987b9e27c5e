namespace Relay.Shared.Conversations.Walking;

/// <summary>What one request or one slice of work may ask of storage, in transactions; every 25 rows read count as one more.</summary>
internal sealed class WalkBudget(int transactions)
{
    private const int RowsPerTransaction = 25;

    /// <summary>Whether it was too small for what was wanted.</summary>
    internal bool IsSpent { get; private set; }

    internal int Left { get; private set; } = transactions;

    internal bool TryTake(int wanted = 1)
    {
        if (wanted > Left)
        {
            IsSpent = true;
            return false;
        }

        Left -= wanted;
        return true;
    }

    internal void CountRows(int rows) => Left = Math.Max(0, Left - (rows / RowsPerTransaction));
}
