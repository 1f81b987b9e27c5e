using Relay.Shared.Conversations;
using Relay.Shared.Primitives;

namespace Relay.Shared.Media;

/// <summary>A row of table <c>media</c> as read.</summary>
/// <param name="Key">Which.</param>
/// <param name="Day">Whose key sealed the file.</param>
/// <param name="IsReady">Whether the file is there.</param>
/// <param name="Sealed">What is known of it.</param>
/// <param name="Device">Where it waits for devices, if it does.</param>
internal sealed record MediaRow(MediaKey Key, UtcDay Day, bool IsReady, byte[] Sealed, byte[]? Device)
{
    /// <summary>The note that leads here, for a user's file.</summary>
    public MediaNote? Note { get; init; }

    public override string ToString() => nameof(MediaRow);
}

/// <summary>Which file came with a user's message.</summary>
/// <param name="Conversation">Whose.</param>
/// <param name="Message">The message's id.</param>
/// <param name="Key">The file; null where the note is none of ours.</param>
internal sealed record MediaNote(ConversationKey Conversation, string Message, MediaKey? Key)
{
    internal static MediaNote? TryParse(MediaKey key, string text) =>
        text.Split('-') is [var conversation, var message] && ConversationId.TryParse(conversation, out ConversationId id) && EnvelopeId.TryParse(message, out _)
            ? new MediaNote(new ConversationKey(key.Business, id), message, key)
            : null;
}
