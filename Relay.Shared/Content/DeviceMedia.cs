namespace Relay.Shared.Content;

/// <summary>A file as a device gets it or gives it.</summary>
/// <param name="Attachment">Where it is and how it is opened.</param>
/// <param name="MimeType">What it is; what a device says is not to be believed.</param>
/// <param name="Sha256">Of the file itself, in base64.</param>
/// <param name="Size">Of the file itself, in bytes.</param>
public sealed record DeviceMedia(AttachmentPointer Attachment, string MimeType, string Sha256, long Size)
{
    public override string ToString() => nameof(DeviceMedia);
}
