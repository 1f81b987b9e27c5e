using Relay.Shared.Storage;

namespace Relay.Shared.Conversations.Walking;

/// <summary>Starts walks over the relay's conversations.</summary>
public sealed class ConversationWalks(ITableStore tables, ExpiryIndex expiry, ConversationStore conversations)
{
    internal ForwardWalk Start(WalkPlan plan, WalkPosition from, WalkBudget budget) => new(tables, expiry, conversations, plan, from, budget);

    /// <summary>From a position of such a walk back to its start.</summary>
    internal BackwardWalk Back(WalkPlan plan, WalkPosition from, WalkBudget budget) => new(tables, expiry, conversations, plan, from, budget);
}
