using Relay.Shared.Accounts;
using Relay.Shared.Content;
using Relay.Shared.Graph;
using Relay.Shared.Primitives;

namespace Relay.Shared.Media;

/// <summary>Makes linked files ready for devices: each fetched once in ten minutes and by a business, looked at as it comes, and never kept here.</summary>
public sealed class LinkedMedia(FetchLink fetch, LinkStore links, DeviceUploads uploads)
{
    private readonly SharedRuns<Result<DeviceMedia, GraphError>> _runs = new();

    internal async Task<Result<DeviceMedia, GraphError>> AttachAsync(BusinessNumber number, MediaKind kind, Uri link, CancellationToken cancellationToken)
    {
        if (!link.IsAbsoluteUri)
        {
            return FetchLink.Failed(kind, "it is no address");
        }

        string name = await links.NameAsync(number.Business, kind, link, cancellationToken);
        return await _runs.ExecuteAsync(name, () => AttachAsync(number, kind, link, name, cancellationToken), cancellationToken);
    }

    private async Task<Result<DeviceMedia, GraphError>> AttachAsync(BusinessNumber number, MediaKind kind, Uri link, string name, CancellationToken cancellationToken)
    {
        if (await links.FindAsync(number.Business, name, cancellationToken) is { } known)
        {
            return known.ToMedia();
        }

        if (!(await fetch.OpenAsync(kind, link, cancellationToken)).TryGet(out LinkedFile? opened, out GraphError? failure))
        {
            return failure;
        }

        await using (opened)
        {
            Result<DeviceFile, GraphError> put = await PutAsync(number, kind, opened, cancellationToken);
            if (!put.TryGet(out DeviceFile? file, out GraphError? refusal))
            {
                return refusal;
            }

            await links.PutAsync(number.Business, name, file, cancellationToken);
            return file.ToMedia();
        }
    }

    private async Task<Result<DeviceFile, GraphError>> PutAsync(BusinessNumber number, MediaKind kind, LinkedFile opened, CancellationToken cancellationToken)
    {
        string what = $"a file of type {MediaErrors.Name(kind)}";
        if (opened.DeclaredSize > MediaLimits.MaxBytes)
        {
            return MediaErrors.TooLarge(MediaLimits.MaxBytes, what);
        }

        await using InspectedFile inspected = new(opened, format => Judge(kind, opened.MimeType, format), limit => MediaErrors.TooLarge(limit, what));
        return await uploads.PutAsync(
            number,
            inspected,
            () => (TypeOf(kind, opened.MimeType, inspected.Format), Convert.ToBase64String(inspected.Sha256 ?? throw new InvalidOperationException("A file was left before its end was read."))),
            cancellationToken);
    }

    private static Result<long, GraphError> Judge(MediaKind kind, string? declared, FileFormat format) =>
        kind == MediaKind.Document || MediaType.All.Any(type => type.Kind == kind && type.Is(format))
            ? MediaLimits.MaxBytesOf(kind, format)
            : GraphErrorCode.MediaUploadFailed.Because(
                $"The file of {MediaErrors.Name(kind)}.link is {RecogniseFile.Name(format)} (the server calls it {MimeTypes.Clean(declared) ?? "nothing"}), but {MediaErrors.Name(kind)} takes {MediaLimits.TypesOf(kind)}.");

    private static string TypeOf(MediaKind kind, string? declared, FileFormat format) =>
        kind == MediaKind.Document || MediaType.Find(declared)?.Kind == kind
            ? MimeTypes.Choose(declared, format)
            : MediaType.All.First(type => type.Kind == kind && type.Is(format)).Name;
}
