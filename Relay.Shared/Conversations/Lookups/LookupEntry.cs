using Relay.Shared.Primitives;

namespace Relay.Shared.Conversations.Lookups;

/// <summary>A row of table <c>lookup</c>.</summary>
/// <param name="Conversation">Where it leads, or led before the user was erased.</param>
/// <param name="IsErased">The user was erased and has written or been written to nothing since: it leads nowhere.</param>
/// <param name="ErasedAt">When the user was last erased; what was accepted up to then is dropped. Null: never, as far as this epoch knows.</param>
/// <param name="ETag">Of the row.</param>
internal sealed record LookupEntry(ConversationId Conversation, bool IsErased, DateTimeOffset? ErasedAt, string ETag)
{
    internal LookupAnswer ToAnswer() => new(IsErased ? null : Conversation, ErasedAt);
}

/// <summary>What a number leads to.</summary>
/// <param name="Conversation">Null after an erasure, until the user is met again.</param>
/// <param name="ErasedAt">When the user was last erased.</param>
internal readonly record struct LookupAnswer(ConversationId? Conversation, DateTimeOffset? ErasedAt)
{
    /// <summary>
    /// Whether something of a conversation that was accepted at <paramref name="accepted"/> belongs to what was erased. What belongs to the conversation that
    /// the number has now was accepted since, whatever another instance's clock says.
    /// </summary>
    internal bool Erases(ConversationId of, DateTimeOffset accepted) => Conversation != of && accepted <= ErasedAt;
}
