namespace Relay.Shared.Media;

/// <summary>Where the file of a message comes from: an upload by its id, or a link. Prints neither.</summary>
public sealed class MediaSource
{
    private MediaSource(string? id, Uri? link) => (Id, Link) = (id, link);

    public string? Id { get; }

    public Uri? Link { get; }

    public static MediaSource OfId(string id) => new(id, null);

    public static MediaSource OfLink(Uri link) => new(null, link);

    public override string ToString() => Link is null ? "an upload" : "a link";
}
