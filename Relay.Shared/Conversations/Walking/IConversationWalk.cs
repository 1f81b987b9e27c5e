namespace Relay.Shared.Conversations.Walking;

/// <summary>A way through a business's rows that can stop anywhere and be gone on with from its position.</summary>
internal interface IConversationWalk
{
    /// <summary>Everything on this side of it was met, itself included.</summary>
    WalkPosition Position { get; }

    /// <summary>Whether nothing is left; otherwise a walk that ends has spent its budget.</summary>
    bool IsDone { get; }

    /// <summary>The next wanted row, or null: nothing is left, or the budget is spent.</summary>
    Task<WalkedRow?> NextAsync(CancellationToken cancellationToken);
}
