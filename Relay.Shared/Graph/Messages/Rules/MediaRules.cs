namespace Relay.Shared.Graph.Messages;

/// <summary>The rules of <c>image</c>, <c>video</c>, <c>audio</c>, <c>document</c> and <c>sticker</c>, also as a header.</summary>
internal static class MediaRules
{
    /// <param name="media">The object.</param>
    /// <param name="type">Its type.</param>
    /// <param name="member">Its place in the request.</param>
    internal static GraphError? Check(MediaMessage? media, string type, string member)
    {
        if (media is null)
        {
            return Rule.Missing(member);
        }

        bool hasId = !string.IsNullOrEmpty(media.Id);
        bool hasLink = !string.IsNullOrEmpty(media.Link);
        if (hasId == hasLink)
        {
            return hasId
                ? Rule.Invalid($"{member} has both id and link; give the one or the other.")
                : GraphErrorCode.ParameterMissing.Because($"{member} needs an id (of an uploaded file) or a link.");
        }

        if (hasId && (media.Id!.Length > MessageLimits.MessageId || media.Id.AsSpan().ContainsAnyExceptInRange('0', '9')))
        {
            return Rule.Invalid($"{member}.id must be the id that an upload was answered with: digits.");
        }

        return (hasLink ? Rule.Link(media.Link, $"{member}.link") : null)
            ?? CheckCaption(media.Caption, type, member)
            ?? CheckFileName(media.FileName, type, member)
            ?? (media.Voice == true && type != MessageType.Audio ? Rule.Invalid($"{member}.voice is for audio only.") : null);
    }

    private static GraphError? CheckCaption(string? caption, string type, string member) =>
        string.IsNullOrEmpty(caption) || type is MessageType.Image or MessageType.Video or MessageType.Document
            ? Rule.Optional(caption, $"{member}.caption", MessageLimits.Caption)
            : Rule.Invalid($"{member}.caption is not allowed: only images, videos and documents have one.");

    private static GraphError? CheckFileName(string? name, string type, string member) =>
        string.IsNullOrEmpty(name) || type == MessageType.Document
            ? Rule.Optional(name, $"{member}.filename", MessageLimits.FileName)
            : Rule.Invalid($"{member}.filename is not allowed: only documents have one.");
}
