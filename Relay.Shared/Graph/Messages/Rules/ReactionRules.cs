using System.Globalization;

namespace Relay.Shared.Graph.Messages;

/// <summary>The rules of <c>reaction</c>.</summary>
internal static class ReactionRules
{
    internal static GraphError? Check(SendMessageRequest request)
    {
        if (request.Reaction is not { } reaction)
        {
            return Rule.Missing(MessageType.Reaction);
        }

        if (request.Context is not null)
        {
            return Rule.Invalid("context is not allowed: a reaction can't be an answer. Name the message in reaction.message_id.");
        }

        return Rule.Text(reaction.MessageId, "reaction.message_id", MessageLimits.MessageId) ?? CheckEmoji(reaction.Emoji);
    }

    /// <summary>One character as a person sees it, and none of ASCII; or nothing, which takes the reaction back.</summary>
    internal static bool IsEmoji(string emoji) =>
        emoji.Length == 0
        || (emoji.Length <= MessageLimits.Emoji
            && new StringInfo(emoji).LengthInTextElements == 1
            && (!char.IsAscii(emoji[0]) || emoji.Length > 1)
            && !char.IsLetter(emoji[0]));

    private static GraphError? CheckEmoji(string? emoji) => emoji switch
    {
        null => Rule.Missing("reaction.emoji"),
        _ when IsEmoji(emoji) => null,
        _ => Rule.Invalid("reaction.emoji must be one emoji, or empty to take the reaction back."),
    };
}
