namespace Relay.Shared.Media;

/// <summary>How the Cloud API calls the kinds.</summary>
public static class MediaKinds
{
    /// <param name="type">A message's type, such as <c>image</c>.</param>
    /// <param name="kind">The kind.</param>
    public static bool TryParse(string? type, out MediaKind kind)
    {
        kind = type switch
        {
            "image" => MediaKind.Image,
            "video" => MediaKind.Video,
            "audio" => MediaKind.Audio,
            "document" => MediaKind.Document,
            "sticker" => MediaKind.Sticker,
            _ => default,
        };
        return kind != default;
    }
}
