using System.Text.Json;

namespace Relay.Shared.Graph.Messages;

/// <summary>The one file that a message may hold: in itself, or in the header of an interactive message or template.</summary>
/// <param name="Place">Where its object is in the message, e.g. <c>interactive.header.image</c>; the last name is its type.</param>
/// <param name="Media">The object as it was sent.</param>
public sealed record MessageFile(string Place, MediaMessage Media)
{
    /// <summary><c>image</c>, <c>video</c>, <c>audio</c>, <c>document</c> or <c>sticker</c>.</summary>
    public string Type => Place[(Place.LastIndexOf('.') + 1)..];

    /// <summary>The file of a message object; null when it has none. The one place that knows where files are.</summary>
    public static MessageFile? Find(JsonElement message)
    {
        string? type = JsonText.Read(message, "type");
        if (type is MessageType.Image or MessageType.Video or MessageType.Audio or MessageType.Document or MessageType.Sticker)
        {
            return Of(message, type, type);
        }

        return type is MessageType.Interactive or MessageType.Template
            && message.TryGetProperty(type, out JsonElement inner)
            && inner.ValueKind == JsonValueKind.Object
            && inner.TryGetProperty("header", out JsonElement header)
            && JsonText.Read(header, "type") is MessageType.Image or MessageType.Video or MessageType.Document
                ? Of(header, JsonText.Read(header, "type")!, $"{type}.header.{JsonText.Read(header, "type")}")
                : null;
    }

    private static MessageFile? Of(JsonElement parent, string type, string place) =>
        parent.TryGetProperty(type, out JsonElement media) && media.ValueKind == JsonValueKind.Object
            ? new MessageFile(place, new MediaMessage { Id = JsonText.Read(media, "id"), Link = JsonText.Read(media, "link") })
            : null;

    /// <summary>Not its members.</summary>
    public override string ToString() => Type;
}
