namespace Relay.Shared.Media;

/// <summary>The media messages of the Cloud API, which are also kinds of files.</summary>
public enum MediaKind : byte
{
    Image = 1,
    Video = 2,
    Audio = 3,
    Document = 4,
    Sticker = 5,
}
