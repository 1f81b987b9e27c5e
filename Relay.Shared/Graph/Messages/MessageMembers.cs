namespace Relay.Shared.Graph.Messages;

/// <summary>Which members of a request hold a message.</summary>
internal static class MessageMembers
{
    internal static IEnumerable<string> Of(SendMessageRequest request)
    {
        (string Name, object? Value)[] members =
        [
            (MessageType.Text, request.Text),
            (MessageType.Image, request.Image),
            (MessageType.Video, request.Video),
            (MessageType.Audio, request.Audio),
            (MessageType.Document, request.Document),
            (MessageType.Sticker, request.Sticker),
            (MessageType.Location, request.Location),
            (MessageType.Contacts, request.Contacts),
            (MessageType.Reaction, request.Reaction),
            (MessageType.Interactive, request.Interactive),
            (MessageType.Template, request.Template),
        ];
        return members.Where(member => member.Value is not null).Select(member => member.Name);
    }
}
