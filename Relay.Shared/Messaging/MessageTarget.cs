using System.Text.Json;
using Relay.Shared.Content;
using Relay.Shared.Graph;
using Relay.Shared.Graph.Messages;
using Relay.Shared.Primitives;

namespace Relay.Shared.Messaging;

/// <summary>Which message of the conversation another one is about, as devices name it: a reaction, an edit, a revocation.</summary>
/// <param name="Message">The content's own id.</param>
/// <param name="Direction">Who wrote it.</param>
internal readonly record struct MessageTarget(EnvelopeId Message, MessageDirection Direction)
{
    /// <summary>Null when the message is about none, or doesn't say which.</summary>
    internal static MessageTarget? Find(JsonElement message)
    {
        string? type = JsonText.Read(message, "type");
        if (type is not (MessageType.Reaction or MessageType.Revoke or MessageType.Edit)
            || !message.TryGetProperty(type, out JsonElement part)
            || !EnvelopeId.TryParse(JsonText.Read(part, "id"), out EnvelopeId id))
        {
            return null;
        }

        // Users take back and change what is theirs.
        string? author = type == MessageType.Reaction ? JsonText.Read(part, "author") : ContentContext.User;
        return author switch
        {
            ContentContext.Business => new MessageTarget(id, MessageDirection.FromBusiness),
            ContentContext.User => new MessageTarget(id, MessageDirection.FromUser),
            _ => null,
        };
    }
}
