namespace Relay.Shared.Media;

/// <summary>A user's file as a webhook tells it.</summary>
/// <param name="Id">Good for seven days.</param>
/// <param name="MimeType">What the user's device said if the file's own bytes don't contradict it.</param>
/// <param name="Sha256">In base64.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Url">Where it can be downloaded for five minutes, also without a token.</param>
public sealed record ReceivedMedia(string Id, string MimeType, string Sha256, long Size, string Url)
{
    public override string ToString() => nameof(ReceivedMedia);
}
