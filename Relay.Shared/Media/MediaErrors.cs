using Relay.Shared.Graph;

namespace Relay.Shared.Media;

/// <summary>What can be wrong with a file, told so that a developer knows what to change.</summary>
internal static class MediaErrors
{
    internal static GraphError UnknownId(MediaKind kind) => GraphErrorCode.ParameterInvalid.Because(
        $"{Name(kind)}.id is not the id of a file of this business: use the id that POST /<phone-number-id>/media has answered, or give {Name(kind)}.link.");

    internal static GraphError ExpiredId(MediaKind kind) => GraphErrorCode.ParameterInvalid.Because(
        $"{Name(kind)}.id is the id of a file that has expired or was deleted: upload it again.");

    internal static GraphError WrongKind(MediaKind kind, MediaType? type) => GraphErrorCode.ParameterInvalid.Because(
        $"{Name(kind)}.id is the id of a file of type {type?.Name ?? "application/octet-stream"}, but {Name(kind)} takes {MediaLimits.TypesOf(kind)}: send it as {MediaLimits.Name(type?.Kind ?? MediaKind.Document)}.");

    internal static GraphError Gone(MediaKind kind) =>
        GraphErrorCode.MediaUploadFailed.Because($"The file of {Name(kind)}.id has expired or was deleted before the message was sent: upload it again and send the message again.");

    internal static GraphError TooLarge(long limit, string what) =>
        GraphErrorCode.MediaUploadFailed.Because($"The file is larger than the {MediaLimits.Describe(limit)} that {what} may have.");

    internal static GraphError TookTooLong => GraphErrorCode.MediaUploadFailed.Because("The upload took longer than an hour and was given up: upload the file again.");

    internal static GraphError Empty => GraphErrorCode.MediaUploadFailed.Because("The file is empty.");

    internal static GraphError WrongContent(string declared, FileFormat found) =>
        GraphErrorCode.MediaUploadFailed.Because($"The file was said to be {declared}, but its content is {RecogniseFile.Name(found)}.");

    internal static GraphError NotAccepted(string declared) => GraphErrorCode.InvalidParameter.Because(
        $"Param file must be a file with one of the following types: {string.Join(", ", MediaType.All.Select(type => type.Name))}. Received file of type {declared}.");

    internal static string Name(MediaKind kind) => MediaLimits.Name(kind);
}
